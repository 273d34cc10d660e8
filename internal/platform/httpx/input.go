package httpx

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"linli/internal/platform/errs"
)

// inputFault maps a message of huma's validation to a sentence of the catalogue. The message is a format of
// fmt.Sprintf; args name its verbs in order, "" for one that the sentence does not repeat.
type inputFault struct {
	format string
	key    string
	args   []string
}

// argProperty names the verb that holds the property at fault: huma reports it against the object around it.
const argProperty = "property"

// inputFaults lists the messages of huma v2.37 that a schema of ours or a request can cause. Messages that are not
// listed become input.unclear; the test over api/openapi.json fails on one.
var inputFaults = []inputFault{
	{validation.MsgUnexpectedProperty, "input.unexpected", nil},
	{"unknown query parameter", "input.unexpected", nil},
	{validation.MsgExpectedRequiredProperty, "input.missing", []string{argProperty}},
	{validation.MsgExpectedDependentRequiredProperty, "input.missing", []string{argProperty, ""}},
	{"required %v parameter is missing", "input.missing", []string{""}},
	{"File required", "input.missing_file", nil},
	{"At least one file is required", "input.missing_file", nil},
	{"Multiple files received but only one was expected", "input.single", nil},
	{"expected at most one value, but received multiple values", "input.single", nil},
	{"Invalid mime type: got %v, expected %v", "input.file_type", []string{"", "types"}},
	{"Failed to open file", "input.file_unreadable", nil},
	{"Failed to infer file media type", "input.file_unreadable", nil},
	{"cannot read multipart form: %v", "input.form", []string{""}},
	{validation.MsgExpectedString, "input.string", nil},
	{validation.MsgExpectedBoolean, "input.boolean", nil},
	{"invalid boolean", "input.boolean", nil},
	{validation.MsgExpectedInteger, "input.integer", nil},
	{"invalid integer", "input.integer", nil},
	{validation.MsgExpectedNumber, "input.number", nil},
	{"invalid float", "input.number", nil},
	{"invalid floating value", "input.number", nil},
	{validation.MsgExpectedArray, "input.array", nil},
	{validation.MsgExpectedObject, "input.object", nil},
	{validation.MsgExpectedOneOf, "input.choice", []string{"choices"}},
	{validation.MsgExpectedMinimumNumber, "input.minimum", []string{"min"}},
	{validation.MsgExpectedExclusiveMinimumNumber, "input.above", []string{"min"}},
	{validation.MsgExpectedMaximumNumber, "input.maximum", []string{"max"}},
	{validation.MsgExpectedExclusiveMaximumNumber, "input.below", []string{"max"}},
	{validation.MsgExpectedNumberBeMultipleOf, "input.multiple", []string{"of"}},
	{validation.MsgExpectedMinLength, "input.too_short", []string{"min"}},
	{validation.MsgExpectedMaxLength, "input.too_long", []string{"max"}},
	{validation.MsgExpectedMinItems, "input.too_few", []string{"min"}},
	{validation.MsgExpectedMaxItems, "input.too_many", []string{"max"}},
	{validation.MsgExpectedMinProperties, "input.too_few", []string{"min"}},
	{validation.MsgExpectedMaxProperties, "input.too_many", []string{"max"}},
	{validation.MsgExpectedArrayItemsUnique, "input.twice", nil},
	{validation.MsgExpectedBePattern, "input.pattern", []string{"pattern"}},
	{validation.MsgExpectedMatchPattern, "input.pattern", []string{"pattern"}},
	{validation.MsgExpectedRFC3339Date, "input.date", nil},
	{validation.MsgExpectedRFC3339DateTime, "input.datetime", nil},
	{validation.MsgExpectedRFC3339Time, "input.time", nil},
	{"invalid date/time for format %v", "input.datetime", []string{""}},
	{validation.MsgExpectedRFC5322Email, "field.email", []string{""}},
	{validation.MsgExpectedRFC3986URI, "input.address", []string{""}},
	{"invalid url.URL value", "input.address", nil},
	{validation.MsgExpectedRFC4122UUID, "input.id", []string{""}},
	{validation.MsgExpectedBase64String, "input.base64", nil},
	{validation.MsgExpectedMatchAtLeastOneSchema, "input.shape", nil},
	{validation.MsgExpectedMatchExactlyOneSchema, "input.shape", nil},
	{validation.MsgExpectedNotMatchSchema, "input.shape", nil},
}

var inputPatterns = func() []*regexp.Regexp {
	verb := regexp.MustCompile(`%[a-z]`)
	out := make([]*regexp.Regexp, len(inputFaults))
	for i, f := range inputFaults {
		out[i] = regexp.MustCompile(`(?s)^` + verb.ReplaceAllString(regexp.QuoteMeta(f.format), `(.*)`) + `$`)
	}
	return out
}()

// fieldOf is a fault of huma's validation as a wrong input of ours. The location is the path of the property, as in
// the request's schema: place.text, items[2].name, query.limit.
func fieldOf(d *huma.ErrorDetail) errs.Field {
	location := d.Location
	if location != "body" {
		location = strings.TrimPrefix(location, "body.")
	}
	for i, f := range inputFaults {
		found := inputPatterns[i].FindStringSubmatch(d.Message)
		if found == nil {
			continue
		}
		out := errs.Field{Location: location, Key: f.key, Args: errs.Args{}}
		for j, name := range f.args {
			switch name {
			case "":
			case argProperty:
				out.Location = strings.TrimPrefix(strings.TrimPrefix(d.Location+"."+found[j+1], "body."), ".")
			case "choices":
				out.Args[name] = strings.ReplaceAll(found[j+1], ",", ", ")
			default:
				out.Args[name] = found[j+1]
			}
		}
		return out
	}
	return errs.Field{Location: location, Key: unreadable(d), Args: errs.Args{}}
}

// unreadable is the key of a fault without a listed message: a body that is no JSON, or of another media type.
func unreadable(d *huma.ErrorDetail) string {
	switch {
	case d.Location != "body":
		slog.Warn("input fault without a sentence", "location", d.Location, "message", d.Message)
		return "input.unclear"
	case strings.Contains(d.Message, huma.ErrUnknownContentType.Error()):
		return "input.media_type"
	default:
		return "input.json"
	}
}

// fieldsOf lists the wrong inputs among the errors that huma found, each once, in their order.
func fieldsOf(found []error) []errs.Field {
	var out []errs.Field
	seen := map[string]bool{}
	for _, f := range found {
		var d *huma.ErrorDetail
		if !errors.As(f, &d) {
			continue
		}
		field := fieldOf(d)
		if id := fmt.Sprint(field.Location, "\x00", field.Key); !seen[id] {
			seen[id] = true
			out = append(out, field)
		}
	}
	return slices.Clip(out)
}
