package fault

import (
	"net/http"
	"net/url"
	"sync"
)

// cookies keeps what the program sets, whatever port it comes back on.
type cookies struct {
	lock sync.Mutex
	kept []*http.Cookie
}

func (c *cookies) SetCookies(_ *url.URL, set []*http.Cookie) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if len(set) > 0 {
		c.kept = set
	}
}

func (c *cookies) Cookies(*url.URL) []*http.Cookie {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.kept
}
