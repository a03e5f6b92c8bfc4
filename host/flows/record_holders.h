// Who holds a record: the disclosures that gave it away, and what they show of its key.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/flows/host_parts.h"

namespace concordat::flows {

/// One cell of a record's key.
struct KeyCell {
  std::string text;
  data::CellState state = data::CellState::kValue;
};
using KeyCells = std::vector<KeyCell>;

/// The text by which people name a record: the cells of its key (KeyFieldsOf) in order, one as it
/// is, several joined by "|" (a "|" or "\" inside a cell has a "\" before it).
std::string RecordKey(const KeyCells& cells);

/// The fields by which people name a record: the contract's primary key, else those of its first rule
/// `unique`; empty when it has neither.
std::vector<std::string> KeyFieldsOf(const policy::ContractObject& object);

/// Looks records of one dataset up by their key. Thread-safe; must not outlive the host.
class RecordFinder {
 public:
  /// NotFound when there is no such dataset, FailedPrecondition when its contract has no key.
  static absl::StatusOr<RecordFinder> Create(const HostParts& host, const DatasetId& dataset);

  /// The first accepted record of the submission for which `match` holds; reads all of it at worst. Nothing
  /// in one that is no longer kept.
  absl::StatusOr<std::optional<KeyCells>> Find(const SubmissionId& submission,
                                               const std::function<bool(const KeyCells&)>& match) const;
  /// The record with this key.
  absl::StatusOr<std::optional<KeyCells>> FindKey(const SubmissionId& submission,
                                                  const std::string& key) const;
  const std::vector<std::string>& key_fields() const { return key_fields_; }

 private:
  const HostParts* host_ = nullptr;
  DatasetId dataset_;
  std::shared_ptr<const data::Schema> schema_;  // of the key's fields alone
  std::vector<std::string> key_fields_;
};

/// How one disclosure shows the key of a record: as it is, or as pseudonyms.
class ReleasedKey {
 public:
  /// FailedPrecondition when a field of the key did not leave, left in a form that names no single record, or
  /// its pseudonym key is another one by now. `disclosure`: the receipt.
  static absl::StatusOr<ReleasedKey> Of(const HostParts& host, const json::Value& disclosure,
                                        const std::vector<std::string>& key_fields);
  std::string Shown(const KeyCells& cells) const;
  /// The same for disclosures that show a key alike.
  const std::string& form() const { return form_; }

 private:
  using Show = std::function<std::string(const KeyCell&)>;
  std::vector<Show> cells_;
  std::string form_;
};

/// Whether the disclosure gave this record away, out of a submission that it names and that holds it.
absl::StatusOr<bool> GaveAway(const HostParts& host, const ReceiptId& disclosure, const DatasetId& dataset,
                              const std::string& key);

/// Members of a disclosure's subject.
std::string SubjectText(const json::Value& receipt, std::string_view member);
std::vector<SubmissionId> SubmissionsOf(const json::Value& receipt);

}  // namespace concordat::flows
