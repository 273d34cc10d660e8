package main

import "testing"

func TestAnAddressWithAPathIsRefused(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{"": true, "https://linli.example.cn": true,
		"http://10.0.0.1:8080/": true, "https://example.cn/linli": false,
		"https://example.cn/?a": false, "linli.example.cn": false, "ftp://example.cn": false, "https://a:b@example.cn": false} {
		if err := checkURL(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}
