package exchange_test

import (
	"net/netip"
	"testing"

	"chancery/exchange"
)

// Addresses of this machine, its networks and the metadata of clouds are not asked,
// however they are written.
func TestWhichAddressesAreTheWorlds(t *testing.T) {
	for address, public := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1:248:1893:25c8:1946": true, "1.1.1.1": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "172.32.0.1": true, "192.168.0.1": false,
		"169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false, "0.0.0.0": false, "::": false,
		"255.255.255.255": false, "224.0.0.1": false, "ff02::1": false, "100.64.0.1": false, "100.128.0.1": true,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:1.1.1.1": true, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "192.0.2.1": false, "198.18.0.1": false,
		"203.0.113.9": false, "240.0.0.1": false, "fec0::1": false, "feff::1": false, "::10.0.0.1": false, "::7f00:1": false,
		"100::1": false, "64:ff9b:1::1": false,
	} {
		if got := exchange.IsPublic(netip.MustParseAddr(address)); got != public {
			t.Errorf("%s is public: %v", address, got)
		}
	}
	if exchange.IsPublic(netip.Addr{}) {
		t.Error("no address is public")
	}
}
