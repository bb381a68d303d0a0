package bucket

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// keys are what a service knows an account by; token is there with those that are
// lent for some hours.
type keys struct{ id, secret, token string }

// unsigned stands for the hash of what is sent: the connection sees to it that it
// arrives as it was.
const unsigned = "UNSIGNED-PAYLOAD"

// sign signs a request by Amazon's Signature Version 4.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func (k keys) sign(r *http.Request, region string, now time.Time) {
	at := now.UTC().Format("20060102T150405Z")
	signed := [][2]string{{"host", cmp.Or(r.Host, r.URL.Host)}, {"x-amz-content-sha256", unsigned}, {"x-amz-date", at}}
	if k.token != "" {
		signed = append(signed, [2]string{"x-amz-security-token", k.token})
	}
	var headers, names []string
	for _, header := range signed {
		headers, names = append(headers, header[0]+":"+header[1]+"\n"), append(names, header[0])
		if header[0] != "host" {
			r.Header.Set(header[0], header[1])
		}
	}
	what := strings.Join([]string{r.Method, escaped(r.URL.Path, true), canonical(r.URL.Query()), strings.Join(headers, ""),
		strings.Join(names, ";"), unsigned}, "\n")
	scope := strings.Join([]string{at[:8], region, "s3", "aws4_request"}, "/")
	hash := sha256.Sum256([]byte(what))
	key := []byte("AWS4" + k.secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = hmacOf(key, part)
	}
	signature := hmacOf(key, strings.Join([]string{"AWS4-HMAC-SHA256", at, scope, hex.EncodeToString(hash[:])}, "\n"))
	r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x", k.id, scope,
		strings.Join(names, ";"), signature))
}

func hmacOf(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// canonical writes a query as it is signed, and sent.
func canonical(query url.Values) string {
	var pairs []string
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, escaped(name, false)+"="+escaped(value, false))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// escaped escapes all but what RFC 3986 calls unreserved, and slashes if they stay.
func escaped(text string, slashes bool) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0,
			c == '/' && slashes:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
