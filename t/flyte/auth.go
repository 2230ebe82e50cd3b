// Authentication by bearer tokens that a file lists, read at each request, so
// that a test ends a token's life by rewriting it. Any client gets the first one
// for its credentials; logins of other kinds are the business of another
// server, which -issuer names.
package main

import (
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
)

func (c *cluster) tokens() []string {
	data, err := os.ReadFile(c.settings.tokens)
	if err != nil {
		return nil
	}
	return strings.Fields(string(data))
}

// Either header will do.
var tokenHeaders = []string{"Authorization", "Flyte-Authorization"}

func (c *cluster) authorized(r *http.Request) error {
	if c.settings.tokens == "" {
		return nil
	}
	const text = "token parse error id token err: access token err: " +
		"[JWT_VERIFICATION_FAILED] "
	given := false
	for _, header := range tokenHeaders {
		token, bearer := strings.CutPrefix(r.Header.Get(header), "Bearer ")
		if !bearer {
			continue
		}
		given = true
		if slices.Contains(c.tokens(), token) {
			return nil
		}
	}
	if given {
		return fail(codes.Unauthenticated, text+"failed to verify token")
	}
	return fail(codes.Unauthenticated, text+"Could not retrieve bearer "+
		"token from metadata, rpc error: code = Unauthenticated desc = "+
		"Bad authorization string")
}

// openRoute is of a service that exists only while authentication is on.
type openRoute struct {
	pattern, service string
	secured          bool
	do               func(*cluster, string) obj
}

var authRoutes = []openRoute{
	{"/.well-known/oauth-authorization-server",
		"flyteidl.service.AuthMetadataService", false, oauthMetadata},
	{"/config/v1/flyte_client",
		"flyteidl.service.AuthMetadataService", false, clientConfig},
	{"/me", "flyteidl.service.IdentityService", true, userInfo},
}

func oauthMetadata(c *cluster, origin string) obj {
	return obj{
		"issuer":                                origin,
		"authorization_endpoint":                origin + "/oauth2/authorize",
		"token_endpoint":                        origin + "/oauth2/token",
		"response_types_supported":              []any{"code", "token", "code token"},
		"scopes_supported":                      []any{"all"},
		"token_endpoint_auth_methods_supported": []any{"client_secret_basic"},
		"jwks_uri":                              origin + "/oauth2/jwks",
		"code_challenge_methods_supported":      []any{"S256"},
		"grant_types_supported": []any{"client_credentials",
			"refresh_token", "authorization_code"},
		"device_authorization_endpoint": "",
	}
}

// giveToken is the grant of client credentials (RFC 6749 section 4.4).
func (c *cluster) giveToken(w http.ResponseWriter, r *http.Request) {
	tokens := c.tokens()
	_, _, basic := r.BasicAuth()
	if !basic || len(tokens) == 0 ||
		r.PostFormValue("grant_type") != "client_credentials" {
		writeJSON(w, http.StatusUnauthorized,
			obj{"error": "invalid_client"})
		return
	}
	writeJSON(w, http.StatusOK, obj{"access_token": tokens[0],
		"expires_in": 1800, "scope": "all", "token_type": "bearer"})
}

func clientConfig(c *cluster, origin string) obj {
	return obj{
		"client_id":                  "flytectl",
		"redirect_uri":               "http://localhost:53593/callback",
		"scopes":                     []any{"offline", "all"},
		"authorization_metadata_key": "flyte-authorization",
		"service_http_endpoint":      "",
		"audience":                   "",
	}
}

func userInfo(c *cluster, origin string) obj {
	return obj{"subject": "", "name": "", "preferred_username": "",
		"given_name": "", "family_name": "", "email": "", "picture": "",
		"additional_claims": obj{"aud": []any{origin}, "scp": []any{"all"}}}
}

func (c *cluster) addOpenRoute(mux *runtime.ServeMux, t openRoute) {
	err := mux.HandlePath("GET", t.pattern, func(w http.ResponseWriter,
		r *http.Request, _ map[string]string) {
		_, out := runtime.MarshalerForRequest(mux, r)
		var err error
		if c.settings.tokens == "" {
			err = fail(codes.Unimplemented, "unknown service %s", t.service)
		} else if t.secured {
			err = c.authorized(r)
		}
		if err != nil {
			ctx := runtime.NewServerMetadataContext(r.Context(),
				runtime.ServerMetadata{})
			runtime.HTTPError(ctx, mux, out, w, r, err)
			return
		}
		origin := c.settings.issuer
		if origin == "" {
			origin = c.settings.url
		}
		writeJSON(w, http.StatusOK, t.do(c, origin))
	})
	if err != nil {
		panic(err)
	}
}
