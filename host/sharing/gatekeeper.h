// Permit or deny one request for data, naming the clause. Fails closed: what cannot be evaluated is denied
// with its cause.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "host/expr/program.h"
#include "host/policy/policy_set.h"
#include "host/record/ruling.h"

namespace concordat::sharing {

/// Somebody answers for asking without the usual conditions: `when` and `quality` of a share that its
/// protocol lets an emergency pass over. Parties, purpose, fields and duties hold all the same.
struct Emergency {
  std::string person;  // who answers for it, by name
  std::string basis;   // in law
  std::string reason;
};

/// Who asks for what, why.
struct AccessRequest {
  PartnerId partner;
  std::string role;  // steward, analyst, delegate ...
  std::string user;
  DatasetId dataset;
  ProtocolId protocol;  // empty: whichever protocol between the parties serves the dataset and the purpose
  std::string purpose;  // code
  std::string form;     // records, aggregate, or empty: either
  std::vector<std::string> select;  // empty: all fields the share releases
  std::string where;                // CEL over record.<field>, evaluated after the duties on what is released
  absl::Time time;
  std::map<std::string, expr::Value> attributes;
  std::optional<Emergency> emergency;
};

/// A dataset's contract as it stood when a party signed.
struct ContractPin {
  std::string digest;                         // of its schema, quality rules included
  std::map<std::string, std::string> fields;  // shared field -> type
};

/// A party's signature over a protocol document's digest, as the store keeps it.
struct Signature {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;  // SPIFFE ID
  std::string name;
  std::string post;
  std::string authority;
  absl::Time time;
  std::string signature;    // raw, by the delegate's key over the digest text
  std::string certificate;  // PEM
  bool revoked = false;
  std::optional<absl::Time> revoked_at;
  std::map<std::string, ContractPin> contracts;  // by dataset
};

/// A party's no to a version; closed once the party signs it.
struct Rejection {
  ProtocolId protocol;
  std::string version;
  std::string digest;
  PartnerId partner;
  std::string signer;
  std::string reason;
  absl::Time time;
};

/// What else an agreement's state depends on.
struct AgreementFacts {
  std::vector<Rejection> rejections;                              // of the protocol asked for
  std::map<std::string, std::vector<std::string>> failing_tests;  // protocol digest -> what failed
};

/// A contract that is no longer the one that was signed.
struct ContractDrift {
  std::string dataset;
  PartnerId partner;  // who signed the earlier one
  absl::Time signed_at;
  std::string before;
  std::string now;        // empty: the dataset is gone
  bool breaking = false;  // a shared field is gone or has another type
  std::string words;
};

/// Is the protocol in force now, and if not, why.
struct ProtocolState {
  std::string state;  // draft | awaiting_signatures | rejected | in_force | not_yet | expired |
                      // review_overdue | revoked | tests_failing | drifted | superseded
  bool in_force = false;
  std::vector<PartnerId> missing;  // whose signature is missing
  std::optional<int64_t> days_to_review;
  std::string explanation;
  std::vector<PartnerId> adopted_by;  // whose signature counts
  std::vector<Rejection> rejections;  // open ones
  std::vector<ContractDrift> drift;   // only where the policies were given
  std::vector<std::string> failing_tests;
};
/// By signatures and dates alone; protocol_state.h has the whole answer.
ProtocolState StateOf(const policy::SharingProtocol& protocol, const std::vector<Signature>& signatures,
                      absl::Time now);

/// Scores of one submission whose rows would leave.
struct SubmissionQuality {
  SubmissionId submission;
  PartnerId partner;
  std::string period;
  absl::Time received;
  std::map<std::string, double> scores;      // dimension -> 0..100, and "score"
  std::map<std::string, std::string> rules;  // id -> met, warned, breached or not_evaluated
};

/// What a partner has attained in a self-assessment: its newest one that a second person signed off.
struct StandingLevel {
  PartnerId partner;
  std::string template_id;
  std::string cycle;         // "2026/27"
  std::optional<int> level;  // as moderated; nothing: the whole has no level
  absl::Time submitted;      // from when its age counts
};

/// Everything a ruling depends on besides policies, given as values.
struct Facts {
  std::vector<Signature> signatures;             // on the protocols that may decide
  const class ProtocolStates* states = nullptr;  // instead of signatures and agreement: worked out already
  std::vector<SubmissionQuality> submissions;    // current ones of the dataset
  std::vector<StandingLevel> levels;             // at most one of a partner and template
  bool pseudonym_key_available = true;
  std::optional<absl::Time>
      emergency_since;       // the oldest emergency of this person under the protocol whose review is open
  AgreementFacts agreement;  // of the same protocols
};

/// The closed list of causes (`explain --causes`), each with a sentence.
struct Cause {
  std::string_view word;
  std::string_view meaning;
};
const std::vector<Cause>& Causes();

/// A permit carries the share that decided.
struct RulingWithShare {
  record::Ruling ruling;
  const policy::SharingProtocol* protocol = nullptr;  // owned by the policy set
  const policy::Share* share = nullptr;
  std::vector<PartnerId> givers;  // whose rows may leave under it
};

/// A ruling without its words: what a machine needs to know, made without allocating.
struct Decision {
  bool permit = false;
  std::string_view cause;  // a word of Causes(); empty for a permit
  std::string_view key;    // of the protocol that decided: a share's id or a key; owned by the policy set
  const policy::SharingProtocol* protocol = nullptr;
  const policy::Share* share = nullptr;
};

/// "protocol/share" or "protocol/key"; of a request that no protocol answers "none/id" or the id asked for.
std::string ClauseOf(const Decision& decision, const AccessRequest& request);

/// Rules on requests under one policy set: conditions compiled once, and an index over party, dataset and
/// purpose, so that the cost does not grow with the number of protocols. Immutable; thread-safe; the policy
/// set outlives it.
class Gatekeeper {
 public:
  explicit Gatekeeper(const policy::PolicySet& policies);
  ~Gatekeeper();
  Gatekeeper(const Gatekeeper&) = delete;
  Gatekeeper& operator=(const Gatekeeper&) = delete;

  /// Pure: same arguments, same ruling; `explain` and the exchange both call this.
  RulingWithShare Rule(const AccessRequest& request, const Facts& facts) const;
  /// The same ruling by the same steps, without its words.
  Decision Decide(const AccessRequest& request, const Facts& facts) const;

 private:
  std::unique_ptr<const class GateIndex> index_;
};

/// One ruling with a gatekeeper of its own: for tests and single questions.
RulingWithShare Rule(const policy::PolicySet& policies, const AccessRequest& request, const Facts& facts);

/// Mistakes that only the contracts of the same set can show: a field the contract has not, `rows` that do
/// not compile ...
void LintProtocols(const policy::PolicySet& policies, Issues& issues);

}  // namespace concordat::sharing
