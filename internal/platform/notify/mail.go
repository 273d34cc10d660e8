package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"
)

// Post is a gateway that speaks SMTP.
type Post struct {
	host    string
	from    string
	domain  string // behind the @ of message ids
	options []mail.Option
}

// NewPost reads an address smtp://user:password@host:port (STARTTLS is demanded) or smtps://…;
// smtp+plain://… is for a relay on the same machine. From is the sender's mail address.
func NewPost(address, from string) (*Post, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("the mail server's address is not smtp://host:port: %w", errors.Join(err))
	}
	p := &Post{host: u.Hostname(), from: from, domain: "linli"}
	switch u.Scheme {
	case "smtp":
		p.options = append(p.options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	case "smtps":
		p.options = append(p.options, mail.WithSSLPort(false))
	case "smtp+plain":
		p.options = append(p.options, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("%s:// is none of smtp, smtps, smtp+plain", u.Scheme)
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, err
		}
		p.options = append(p.options, mail.WithPort(n))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		p.options = append(p.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if err := mail.NewMsg().From(from); err != nil {
		return nil, fmt.Errorf("the sender's mail address: %w", err)
	}
	return p, nil
}

// Send hands one mail to the server. It returns when ctx ends, too, whatever the server does; the
// conversation may then go on until its time is over, but a mail that was not handed over by then never is.
func (p *Post) Send(ctx context.Context, d Delivery) error {
	var decided atomic.Bool // by whoever comes first: the mail is handed over, or it never will be
	decide := func() bool { return decided.CompareAndSwap(false, true) }
	answer := make(chan error, 1)
	go func() { answer <- p.converse(ctx, d, decide) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		if decide() {
			return &Failure{State: Waiting, Reason: "unreachable", Cause: ctx.Err()}
		}
		return &Failure{State: Unknown, Reason: "silent", Cause: ctx.Err()}
	}
}

// converse speaks with the server. It hands the mail over only when decide allows it.
func (p *Post) converse(ctx context.Context, d Delivery, decide func() bool) error {
	m := mail.NewMsg()
	if err := errors.Join(m.From(p.from), m.To(d.To)); err != nil {
		return &Failure{State: Refused, Reason: "address"}
	}
	m.SetMessageIDWithValue(d.Key + "@" + p.domain)
	m.SetDate()
	m.Subject(d.Title)
	m.SetBodyString(mail.TypeTextPlain, d.Text)
	left := time.Minute
	if end, ok := ctx.Deadline(); ok {
		left = time.Until(end)
	}
	c, err := mail.NewClient(p.host, append(slices.Clip(p.options), mail.WithTimeout(left))...)
	if err != nil {
		return &Failure{State: Waiting, Reason: "address", Cause: err}
	}
	if err := c.DialWithContext(ctx); err != nil {
		return &Failure{State: Waiting, Reason: "unreachable", Cause: err}
	}
	defer c.Close() // an error of saying goodbye changes nothing
	if !decide() {
		return &Failure{State: Waiting, Reason: "unreachable", Cause: ctx.Err()}
	}
	if err := c.Send(m); err != nil && !m.IsDelivered() {
		return judgeMail(err)
	}
	return nil
}

// judgeMail reads from where the conversation broke off whether the server has the mail.
func judgeMail(err error) error {
	var e *mail.SendError
	if !errors.As(err, &e) {
		return &Failure{State: Unknown, Reason: "silent", Cause: err}
	}
	code := e.ErrorCode()
	reason := fmt.Sprintf("smtp %d", code)
	switch {
	case code >= 500:
		return &Failure{State: Refused, Reason: reason}
	case code >= 400:
		return &Failure{State: Waiting, Reason: reason}
	case e.Reason == mail.ErrSMTPDataClose, e.Reason == mail.ErrWriteContent, e.Reason == mail.ErrAmbiguous:
		return &Failure{State: Unknown, Reason: "silent", Cause: err}
	case e.Reason == mail.ErrGetSender, e.Reason == mail.ErrGetRcpts, e.Reason == mail.ErrNoUnencoded:
		return &Failure{State: Refused, Reason: "address"}
	}
	return &Failure{State: Waiting, Reason: "unreachable", Cause: err}
}
