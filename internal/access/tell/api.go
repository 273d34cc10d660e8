package tell

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
)

// ChannelPath names a channel in an address.
type ChannelPath struct {
	Channel string `path:"channel" enum:"sms,wecom,mail"`
}

func (s *Service) routes(api *httpx.API) {
	s.alarmRoutes(api)
	mine := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.SignedIn, Summary: summary, Status: status}
	}
	httpx.Handle(api, mine(http.MethodGet, "/session/tell", "How one is told of one's warnings outside the platform", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[TellView], error) {
			v, err := s.Tells(ctx)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/tell/{channel}", "Send a code to one's number or mail address", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			ChannelPath
			Body struct {
				To string `json:"to" maxLength:"120" doc:"Mobile number, or mail address"`
			}
		}) (*struct{}, error) {
			return nil, s.AskTell(ctx, notify.Channel(in.Channel), in.Body.To)
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/tell/{channel}/confirm", "Show the code: be told from now on", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			ChannelPath
			Body struct {
				Code string `json:"code" maxLength:"20"`
			}
		}) (*struct{}, error) {
			return nil, s.ConfirmTell(ctx, notify.Channel(in.Channel), in.Body.Code)
		})
	httpx.Handle(api, mine(http.MethodDelete, "/session/tell/{channel}", "Be told no more", http.StatusNoContent),
		func(ctx context.Context, in *ChannelPath) (*struct{}, error) {
			return nil, s.EndTell(ctx, notify.Channel(in.Channel))
		})
}
