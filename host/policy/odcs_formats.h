// The text forms that ODCS asks for: ids, references, RFC 3339 dates, RFC 3986 URIs. Plain predicates.
#pragma once

#include <string_view>

namespace concordat::policy {

/// Letters, digits, "-" and "_", at least one.
bool IsStableId(std::string_view text);
/// "object.property" by names, or "schema/id/properties/id" by ids, the latter with an optional "file.yaml#"
/// before it.
bool IsReference(std::string_view text);
/// RFC 3339 full-date of the Gregorian calendar.
bool IsDate(std::string_view text);
/// RFC 3339 date-time with its offset; a blank may stand for the "T", a leap second only at 23:59:60 UTC.
bool IsDateTime(std::string_view text);
/// RFC 3986 URI with a scheme; after the scheme something must follow.
bool IsUri(std::string_view text);

}  // namespace concordat::policy
