// What stewards say about single items while an assessment is open. All answers are the whole document
// afterwards.
#pragma once

#include <string>
#include <vector>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

struct AnswerRequest {
  std::string assessment;
  std::string item;
  int level = 0;
  std::string comment;
  bool confirm = false;   // what was carried over stands; `level` is not read
  bool withdraw = false;  // no answer any more
};

/// InvalidArgument for an unknown item or level; FailedPrecondition when there is nothing to confirm or to
/// withdraw. An answer that stands already changes nothing.
absl::StatusOr<json::Value> AnswerItem(const HostParts& host, const Caller& caller,
                                       const AnswerRequest& request);

/// `item` empty: about the whole.
absl::StatusOr<json::Value> CommentItem(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& item,
                                        const std::string& text);

/// `items` are items or whole themes; `owner` is a hint for people, empty for nobody.
absl::StatusOr<json::Value> AssignItems(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::vector<std::string>& items,
                                        const std::string& owner);

struct EvidenceRequest {
  std::string kind;  // document | attestation | link
  std::string title;
  std::string reference;
  std::string digest;   // "sha256:..." or empty
  std::string expires;  // a date, or empty
};

/// InvalidArgument for a kind that the item does not accept, naming those it does; for an expiry that has
/// passed.
absl::StatusOr<json::Value> AddEvidence(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& item,
                                        const EvidenceRequest& request);
absl::StatusOr<json::Value> WithdrawEvidence(const HostParts& host, const Caller& caller,
                                             const std::string& assessment, const std::string& evidence,
                                             const std::string& reason);

/// The same checks for a whole file of answers: what is wrong, or the evidence with an id of its own.
absl::StatusOr<assess::AttachedEvidence> CheckedEvidence(const EvidenceRequest& request,
                                                         const policy::AssessmentItem& item,
                                                         const Caller& caller, absl::Time now);
/// Whether `level` and `comment` say what stands, so that there is nothing to add.
bool StandsAlready(const ItemRecord& record, int level, const std::string& comment);

}  // namespace concordat::flows
