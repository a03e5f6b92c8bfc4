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

/// Where values are looked up: a dataset of the store or a list file under lists/.
struct Lookup {
  std::string table;  // dataset, or "lists/x.csv", or x for that file
  std::string key;  // its column that holds the field's values; empty: the one of the field's name, else the
                    // dataset's primary key
  std::string value;  // its column that is released; empty: the one named as `to`, or `to`_code
  Place place;

  bool present() const { return !table.empty(); }
};

/// The settings of a duty on a field; each duty reads its own and leaves the others at their defaults.
struct DutyTerms {
  std::string to;     // generalise: month, quarter, year, financial_year, age_band, band; district, sector,
                      // area; or a column of `via`
  Lookup via;         // generalise
  int64_t width = 0;  // generalise to band or age_band: years or units a band
  int64_t keep_first = 0;  // mask: characters that stay
  int64_t keep_last = 0;
  std::string with = "*";          // mask: what stands for each of the others
  double base = 0;                 // round: to a multiple of it
  std::string text;                // redact: what stands for every value; empty: "[redacted]"
  std::optional<Duration> rotate;  // pseudonymise: a new key after so long
};

/// How one field leaves.
struct FieldDuty {
  std::string field;
  std::string duty;  // a word of FieldDutyWords()
  DutyTerms terms;
  Place place;
};

/// release, mask, pseudonymise, generalise, round, redact.
const std::vector<std::string>& FieldDutyWords();

/// A key by which an aggregate is grouped: a field in the form in which it leaves.
struct GroupKey {
  std::string name;  // of the output column
  FieldDuty
      source;  // `source.field` is empty when only `via` is named: the dataset's field of the key's name
};

/// One figure of a group.
struct AggregateMeasure {
  enum class Function { kCount, kSum, kMean, kRatio };
  std::string name;
  Function function = Function::kCount;
  std::string field;        // sum, mean; the numerator of a ratio
  std::string denominator;  // ratio of sums
  double per = 1;           // ratio: times this
  Place place;
};

/// What leaves instead of records.
struct Aggregate {
  std::vector<GroupKey> by;
  std::vector<AggregateMeasure> measures;
  bool margins = false;  // totals over each key stand in the output
  Place place;
};

/// Every combination of the quasi-identifiers that leaves is shared by at least k records.
struct KAnonymityDuty {
  int64_t k = 0;
  std::vector<std::string> quasi_identifiers;
  double max_suppressed = 0;  // share of records that may be held back for it
  Place place;
};

/// Counts below the threshold leave as "[c]", and nobody can work them out from the others.
struct SmallCountsDuty {
  int64_t threshold = 10;
  bool zeros_disclosive = true;
  bool secondary = true;
  int64_t round_to = 0;  // 0: not rounded
  Place place;
};

/// Releases to the same party within the window are compared: what only their difference shows is small, too.
struct DifferencingDuty {
  Duration window;
  Place place;
};

/// What every giving partner must have attained in a self-assessment.
struct LevelCondition {
  std::string template_id;
  int minimum = 0;                  // level of the template's scale
  std::optional<Duration> max_age;  // of the assessment, since it was submitted
  Place place;
};

/// What must hold of every submission whose rows would leave, and of those who give them.
struct QualityCondition {
  std::vector<std::pair<std::string, double>> minimum;  // dimension or "score" -> 0..100
  std::optional<Duration> max_age;
  std::vector<std::string> rules_met;  // rules of the contract that must be met
  std::optional<LevelCondition> assessment;
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
  std::optional<Aggregate> aggregate;  // then `fields` is empty
  std::optional<KAnonymityDuty> k_anonymity;
  std::optional<SmallCountsDuty> small_counts;
  std::optional<DifferencingDuty> differencing;
  Place place;

  /// Duties that can be judged only over the whole output, so that it is staged before the first byte leaves.
  bool judges_whole() const { return aggregate || k_anonymity; }
};

/// Sharing without the usual condition when there is no time: somebody named answers for it afterwards.
struct EmergencyTerms {
  bool allowed = false;
  std::vector<std::string> roles;  // who may call it
  std::optional<Duration> max;     // how long one declared emergency lasts
};

/// What recipients owe once they hold the data.
struct Retention {
  std::optional<Duration> recipient;
  std::string evidence;  // "deletion_certificate" or empty

  bool owes_certificate() const { return recipient && evidence == "deletion_certificate"; }
};

/// What parties of a charter show each other of themselves.
struct Openness {
  bool names_assessments = false;  // assessments: named; else peers are an anonymous spread
};

struct Prohibition {
  std::string action;
  std::string to = "any";
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
  std::vector<Prohibition> prohibitions;
  EmergencyTerms emergency;
  Retention retention;
  Openness openness;                           // of tier 1
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
