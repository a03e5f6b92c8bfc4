// Readers of the small things that several kinds share: header, ids, dates, durations, e-mail addresses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/policy/fields.h"
#include "host/policy/period.h"

namespace concordat::policy {

inline constexpr std::string_view kApiVersion = "concordat/v1";

/// The keys apiVersion and kind, which every document of ours begins with.
void ReadHeader(Fields& fields, std::string_view kind);

/// A required id: small letters, digits and -, beginning with a letter or digit; at most 64 characters,
/// because it stands in SPIFFE IDs, file names and URLs. Empty when it was reported.
std::string ReadId(Fields& fields, std::string_view key);
bool IsId(std::string_view text);

/// Something, one @, a domain with a dot; whether mail arrives there is not asked.
bool IsPlausibleEmail(std::string_view text);
/// A SPIFFE trust domain: small letters, digits, '-', '.' and '_'.
bool IsTrustDomain(std::string_view text);
/// Three numbers with points: 3.1.0.
bool IsSemanticVersion(std::string_view text);

/// A duration, or nothing when the key is absent or the value was reported.
std::optional<Duration> ReadDuration(Fields& fields, std::string_view key);
/// A date yyyy-MM-dd as days since 1970-01-01, or nothing when absent or reported.
std::optional<int64_t> ReadDate(Fields& fields, std::string_view key);
/// A list of at least one text under a required key.
std::vector<std::string> RequiredTexts(Fields& fields, std::string_view key);

/// The node of a text under `key`, for its place; the nth entry of a list there.
Node EntryOf(const Node& map, std::string_view key, size_t index);

}  // namespace concordat::policy
