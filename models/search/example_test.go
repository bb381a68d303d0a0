package search_test

import (
	"fmt"

	"chancery/models/search"
)

func Example() {
	fmt.Println(search.Fold("Ёлка, «Straße» & Łódź"))
	fmt.Println(search.Stem("de", "vertrage"))
	fmt.Println(search.SoundAlike("Wolfowitsch", "Вольфович"), search.SoundAlike("Schoigu", "Lukaschenko"))
	// Output:
	// елка straße łodz
	// vertrag
	// true false
}
