package httpx

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// Peer is where a request comes from, as far as it may be believed.
type Peer struct {
	Origin string // network address without the port
	Caller string // who counts as one caller: an IPv4 address, an IPv6 /64
	HTTPS  bool   // the browser reached the platform by https
}

type peerKey struct{}

// PeerOf is the peer of the request in whose context this is; of no request it is empty.
func PeerOf(ctx context.Context) Peer {
	p, _ := ctx.Value(peerKey{}).(Peer)
	return p
}

// Proxies are the networks whose machines may speak for others: by X-Forwarded-For or, where a request
// has none, by Forwarded (RFC 7239), and by X-Forwarded-Proto. What anybody else says of the kind is
// not believed.
type Proxies []netip.Prefix

// ParseProxies reads networks such as 10.0.0.0/8, or single addresses.
func ParseProxies(networks []string) (Proxies, error) {
	var out Proxies
	for _, n := range networks {
		n = strings.TrimSpace(n)
		if a, err := netip.ParseAddr(n); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (p Proxies) trusts(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// Peers puts the peer into the context of every request. Trusted tells which proxies are believed.
func Peers(trusted func() Proxies) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := context.WithValue(r.Context(), peerKey{}, trusted().Peer(r))
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Peer tells where a request comes from: the last address of the way that is no trusted proxy. A hop
// that is no address (nginx writes "unix:" for a socket) is passed over. Where a trusted proxy names
// none at all, what it says instead keeps its callers apart.
func (p Proxies) Peer(r *http.Request) Peer {
	peer := Peer{Origin: r.RemoteAddr, HTTPS: r.TLS != nil}
	at, ok := parseHop(r.RemoteAddr)
	if !ok {
		peer.Caller = peer.Origin
		return peer
	}
	peer.Origin = at.String()
	if !p.trusts(at) {
		warnUntrusted(r, at)
		peer.Caller = network(at)
		return peer
	}
	hops, forwarded := forwardedFor(r)
	unknown := ""
	for i := len(hops) - 1; i >= 0 && p.trusts(at); i-- {
		if hop, ok := parseHop(hops[i]); ok {
			at = hop
		} else if unknown == "" {
			unknown = hops[i]
		}
	}
	peer.Origin, peer.Caller = at.String(), network(at)
	if unknown != "" && p.trusts(at) {
		peer.Caller += " " + unknown[:min(len(unknown), 64)]
	}
	proto := r.Header.Get("X-Forwarded-Proto")
	if proto == "" {
		proto = forwarded
	}
	first, _, _ := strings.Cut(proto, ",")
	peer.HTTPS = peer.HTTPS || strings.EqualFold(strings.TrimSpace(first), "https")
	return peer
}

// Origin is the network address that a request comes from, without the port.
func (p Proxies) Origin(r *http.Request) string { return p.Peer(r).Origin }

// forwardedFor lists the hops that a request names, the nearest last, and the protocol that Forwarded
// names for the first.
func forwardedFor(r *http.Request) (hops []string, proto string) {
	if said := r.Header.Values("X-Forwarded-For"); len(said) > 0 {
		for hop := range strings.SplitSeq(strings.Join(said, ","), ",") {
			if hop = strings.TrimSpace(hop); hop != "" {
				hops = append(hops, hop)
			}
		}
		return hops, ""
	}
	for element := range strings.SplitSeq(strings.Join(r.Header.Values("Forwarded"), ","), ",") {
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			switch {
			case value == "":
			case strings.EqualFold(name, "for"):
				hops = append(hops, value)
			case strings.EqualFold(name, "proto") && proto == "":
				proto = value
			}
		}
	}
	return hops, proto
}

// parseHop reads an address as proxies write them: 203.0.113.7, 203.0.113.7:51234, 2001:db8::7,
// [2001:db8::7], [2001:db8::7]:51234, "[2001:db8::7]:51234". An IPv4 address within IPv6 is the IPv4
// address; a zone is dropped.
func parseHop(hop string) (netip.Addr, bool) {
	hop = strings.Trim(strings.TrimSpace(hop), `"`)
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]"))
	if err != nil {
		host, _, split := net.SplitHostPort(hop)
		if split != nil {
			return netip.Addr{}, false
		}
		if a, err = netip.ParseAddr(host); err != nil {
			return netip.Addr{}, false
		}
	}
	return a.Unmap().WithZone(""), true
}

// Network is who counts as one caller by a network address: the address itself, for IPv6 its /64, which
// is what one line is given. What is no address stands for itself.
func Network(address string) string {
	if a, ok := parseHop(address); ok {
		return network(a)
	}
	return address
}

func network(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	p, _ := a.Prefix(64) // fails for IPv4 alone
	return p.String()
}

var untrusted sync.Once

// warnUntrusted tells the operator, once, that a proxy on this machine or network speaks for others
// and is not believed, so that all of them count as one caller.
func warnUntrusted(r *http.Request, at netip.Addr) {
	if (at.IsLoopback() || at.IsPrivate()) && (r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "") {
		untrusted.Do(func() {
			slog.WarnContext(r.Context(), "a proxy names callers and is not trusted: name its network by --proxies", "proxy", at.String())
		})
	}
}
