// What was done to an assessment, and what stands after it. Nothing is overwritten: what stands is the fold
// of all events. Their bodies by kind:
//   answer             {level, comment} | {withdrawn: true} | {confirmed: true, level, comment}
//   comment            {text}
//   assign             {owner}; empty: nobody
//   evidence           {id: "E-...", kind, title, reference, digest, expires}; an expiry of null: as the
//   template says withdraw_evidence  {id, reason} carry_over         {level, comment, from, cycle, by, at,
//   evidence: [as above, with by and given]} submit             {category, history, receipt}: what evidence
//   was drawn from, kept for good return             {reason, frozen}: the document as it had been handed in
//   sign_off           {comment, receipt}
//   moderate           {from, to, reason} of an item; {summary, receipt} of the whole, which ends the
//   moderation publish            {receipt}
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/assess/evidence.h"
#include "host/store/store.h"

namespace concordat::flows {

/// What one person said or did, and when.
struct Remark {
  std::string by;  // SPIFFE ID
  absl::Time at;
  std::string text;
};

/// Last cycle's answer, brought along.
struct CarriedOver {
  Remark said;  // by whom, when, with which comment
  std::optional<int> level;
  std::string cycle;
};

struct ModeratedLevel {
  int from = 0;
  int to = 0;
  Remark said;  // with its reason
};

struct EvidenceRecord {
  assess::AttachedEvidence attached;
  bool withdrawn = false;
};

/// How one item stands.
struct ItemRecord {
  std::optional<int> level;
  Remark said;  // by whom, when, with which comment; of the last answer
  size_t revisions = 0;
  std::string owner;
  bool review_needed = false;
  std::optional<CarriedOver> carried;
  std::optional<ModeratedLevel> moderated;
  std::vector<EvidenceRecord> evidence;
  std::vector<Remark> comments;
};

/// How the whole stands. A return takes back what came after `open`.
struct AssessmentRecord {
  std::map<std::string, ItemRecord> items;
  std::vector<Remark> comments;
  std::optional<Remark> submitted;
  std::optional<Remark> signed_off;
  std::optional<Remark> moderated;
  std::optional<Remark> published;
  std::string category;  // of the partner at submission
  json::Value history;   // null while it is open; frozen_history.h
  std::string receipt;   // of the newest step

  const ItemRecord& Of(const std::string& item) const;
};

AssessmentRecord FoldEvents(const std::vector<store::AssessmentEvent>& events);

/// The body of an evidence event, and of one that is carried over (with by and given).
json::Object EvidenceBody(const assess::AttachedEvidence& evidence);
json::Object CarriedEvidenceBody(const assess::AttachedEvidence& evidence);

}  // namespace concordat::flows
