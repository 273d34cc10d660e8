package casework

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// bind is the keyed digest of who sends a new case and of what they send. A key that is sent again is
// answered with its case, and so with the follow code, only when both are the same: a key is made by a
// client, and may be guessed or seen.
//
// Who sends is the account; of the portal, the browser, whose sealed draft holds the key; of any other
// caller, the network address.
func (s *Service) bind(ctx context.Context, n *NewCase) (string, error) {
	a, who := authority.From(ctx), "address "+limit.Address(ctx)
	switch {
	case a.System:
		who = "system"
	case a.SignedIn():
		who = "account " + a.ID
	case n.Drafted:
		who = "draft"
	}
	raw, err := json.Marshal([]any{who, n.Kind, n.Sent})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(s.People.Ring.Digest("client key", string(raw))), nil
}

// again answers a key that opened a case before with that case. Errors: Conflict
// "casework.client_key_used" for another sender or other content; db.IsNone for a fresh key.
func (s *Service) again(ctx context.Context, tx *audit.Tx, shard, key, bound string) error {
	old, err := db.One(ctx, tx, ScanCase, SelectCase+` WHERE shard = $1 AND client_key = $2`, shard, key)
	if err != nil {
		return err
	}
	kept, err := db.Value[string](ctx, tx, `SELECT client_bound FROM casework_case WHERE shard = $1 AND id = $2`, shard, old.ID)
	if err != nil {
		return err
	}
	if kept != bound {
		return errs.New(errs.Conflict, "casework.client_key_used")
	}
	return &replay{Opened{old, s.CodeOf(&old)}}
}

// isRepeated tells whether a client's key has opened a case already.
func isRepeated(ctx context.Context, r db.Reader, n *NewCase) (bool, error) {
	found, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_case WHERE shard = $1 AND client_key = $2`,
		db.Shard(n.Area), n.ClientKey)
	return found > 0, err
}

// staffChannels are those that only staff come by.
var staffChannels = []string{ChannelWindow, ChannelField, ChannelConsole}

// mayState refuses a channel that is not the sender's: how many cases came by windows and how many from
// residents themselves is counted by it.
func mayState(ctx context.Context, channel string) error {
	a := authority.From(ctx)
	if slices.Contains(staffChannels, channel) && !a.SignedIn() && !a.System {
		return errs.New(errs.Forbidden, "casework.channel_staff")
	}
	return nil
}
