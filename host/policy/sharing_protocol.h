// Kind SharingProtocol: parties, purpose, lawful basis, fields, duties, validity. State and signatures stand
// in the store.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/base/ids.h"
#include "host/policy/fields.h"
#include "host/policy/period.h"

namespace concordat::policy {

struct Party {
  PartnerId partner;
  bool gives = false;
  bool receives = false;
  std::string role;  // controller | processor
  Place place;
};

struct Validity {
  int64_t from = 0;   // days since 1970-01-01
  int64_t until = 0;  // inclusive
  int64_t review = 0;
  Duration grace;
  std::string on_overdue = "suspend";  // suspend | warn
};

/// How one field leaves.
struct FieldDuty {
  std::string field;
  std::string duty;  // "release", "pseudonymise"; later ones are a lint error
  Node with;         // the duty's own settings
  Place place;
};

/// What must hold of every submission whose rows would leave.
struct QualityCondition {
  std::vector<std::pair<std::string, double>> minimum;  // dimension or "score" -> 0..100
  std::optional<Duration> max_age;
  bool refuse = true;  // on_fail: refuse | caveat
  Place place;
};

/// One flow of data under the protocol.
struct Share {
  std::string id;
  DatasetId dataset;
  std::vector<PartnerId> from;
  std::vector<PartnerId> to;
  std::vector<FieldDuty> fields;  // what is not listed is never released
  std::string rows;               // CEL over record.*; empty: all
  Place rows_place;
  std::string when;  // CEL over request.*, quality.*; empty: always
  Place when_place;
  std::optional<QualityCondition> quality;
  Place place;
};

/// How long a recipient may keep what it got, and what proves that it is gone.
struct Retention {
  std::optional<Duration> recipient;
  std::string evidence;  // deletion_certificate, or empty: none is asked for
};

struct SharingProtocol {
  ProtocolId id;
  std::string version;
  std::string title;
  int tier = 2;
  std::string parent;
  std::vector<Party> parties;
  std::string purpose_code;
  std::string purpose_statement;
  std::string purpose_benefits;
  std::string purpose_necessity;
  std::vector<std::string> bases;
  std::vector<std::string> special_category;
  std::vector<std::string> criminal_offence;
  std::vector<std::string> gateways;
  Validity validity;
  std::vector<Share> shares;
  Retention retention;
  std::string signatures = "all_controllers";  // or: each
  std::vector<std::string> tests;
  std::string digest;  // sha256 of the canonical JSON, what is signed
  std::string path;
  Place place;
};

/// Duties, keys and conditions that are known to interfaces.md but not yet built are errors here, never
/// ignored.
SharingProtocol ReadSharingProtocol(const Node& document, Issues& issues);

}  // namespace concordat::policy
