#include "host/flows/record_holders.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/disclosure_index.h"
#include "host/sharing/materials.h"

namespace concordat::flows {
namespace {

const json::Value& SubjectOf(const json::Value& receipt) {
  static const json::Value* const nothing = new json::Value(json::Object());
  const json::Value* const subject = json::Find(receipt, "subject");
  return subject == nullptr ? *nothing : *subject;
}

// "release", "pseudonymise" ..., or empty when the field did not leave.
std::string FormOf(const json::Value& receipt, const std::string& field) {
  const json::Value* const fields = json::Find(SubjectOf(receipt), "fields");
  if (fields == nullptr || !fields->is_array()) return "";
  for (const json::Value& entry : fields->get_array()) {
    if (json::TextOr(entry, "field", "") == field) return json::TextOr(entry, "form", "");
  }
  return "";
}

absl::Status NoSingleRecord(const json::Value& receipt, const std::string& field, std::string_view why) {
  return absl::FailedPreconditionError(fmt::format("{} shows no key of single records: field {} {}",
                                                   json::TextOr(receipt, "id", ""), field, why));
}

void AppendCell(std::string_view cell, std::string& key) {
  for (const char c : cell) {
    if (c == '|' || c == '\\') key += '\\';
    key += c;
  }
}

// A record without a whole key cannot be told from others.
bool IsPartial(const KeyCells& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const KeyCell& cell) { return cell.state == data::CellState::kMissing; });
}

std::string Joined(const std::vector<std::string>& cells) {
  if (cells.size() == 1) return cells.front();
  std::string key;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) key += '|';
    AppendCell(cells[i], key);
  }
  return key;
}

absl::StatusOr<std::function<std::string(const KeyCell&)>> Pseudonyms(const HostParts& host,
                                                                      const json::Value& receipt,
                                                                      const std::string& field) {
  const ProtocolId protocol(SubjectText(receipt, "protocol"));
  ASSIGN_OR_RETURN(const auto stored, host.store->PseudonymKey(protocol));
  const auto key = sharing::KeyNamed({stored.first, stored.second}, SubjectText(receipt, "pseudonymKey"));
  if (!key) return NoSingleRecord(receipt, field, "left under a pseudonym key that is not there");
  return [key = *key, protocol, field](const KeyCell& cell) {
    if (cell.state == data::CellState::kMarker) return cell.text;
    return sharing::PseudonymOf(key, protocol, field, cell.text);
  };
}

}  // namespace

std::string SubjectText(const json::Value& receipt, std::string_view member) {
  return json::TextOr(SubjectOf(receipt), member, "");
}

std::vector<SubmissionId> SubmissionsOf(const json::Value& receipt) {
  std::vector<SubmissionId> submissions;
  const json::Value* const list = json::Find(SubjectOf(receipt), "submissions");
  if (list == nullptr || !list->is_array()) return submissions;
  for (const json::Value& id : list->get_array())
    if (id.is_string()) submissions.emplace_back(std::string_view(id.get_string()));
  return submissions;
}

std::string RecordKey(const KeyCells& cells) {
  std::vector<std::string> texts;
  for (const KeyCell& cell : cells) texts.push_back(cell.text);
  return Joined(texts);
}

std::vector<std::string> KeyFieldsOf(const policy::ContractObject& object) {
  if (!object.primary_key.empty()) return object.primary_key;
  for (const policy::RuleSpec& rule : object.rules) {
    if (rule.kind != "unique") continue;
    std::vector<std::string> fields;
    for (const policy::Node& field : rule.with["fields"].items()) fields.push_back(field.text());
    if (!fields.empty()) return fields;
  }
  return {};
}

absl::StatusOr<RecordFinder> RecordFinder::Create(const HostParts& host, const DatasetId& dataset) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::ContractObject* const object = policies->set->FindDataset(dataset).second;
  if (object == nullptr) {
    return absl::NotFoundError(
        fmt::format("there is no dataset \"{}\"; see: concordat catalog list", dataset.str()));
  }
  RecordFinder finder;
  finder.key_fields_ = KeyFieldsOf(*object);
  if (finder.key_fields_.empty()) {
    return absl::FailedPreconditionError(fmt::format(
        "the contract of {} says nothing that tells one record from another, so none can be named; set "
        "primaryKey or unique on a property",
        dataset.str()));
  }
  auto schema = std::make_shared<data::Schema>();
  schema->dataset = object->schema->dataset;
  for (const std::string& name : finder.key_fields_) {
    const std::optional<size_t> index = object->schema->Find(name);
    if (!index) return absl::InternalError(fmt::format("key field {} is not in the schema", name));
    schema->fields.push_back(object->schema->fields[*index]);
  }
  finder.host_ = &host;
  finder.dataset_ = dataset;
  finder.schema_ = std::move(schema);
  return finder;
}

absl::StatusOr<std::optional<KeyCells>> RecordFinder::Find(
    const SubmissionId& submission, const std::function<bool(const KeyCells&)>& match) const {
  std::optional<KeyCells> found;
  const absl::Status read =
      host_->store->ReadRecords(dataset_, schema_, {submission}, [&](const data::Batch& batch) {
        KeyCells cells(batch.columns.size());
        for (size_t row = 0; row < batch.rows(); ++row) {
          for (size_t i = 0; i < cells.size(); ++i)
            cells[i] = {std::string(batch.columns[i].text->at(row)), batch.columns[i].states[row]};
          if (IsPartial(cells) || !match(cells)) continue;
          found = cells;
          return absl::CancelledError("found");  // the rest need not be read
        }
        return absl::OkStatus();
      });
  if (absl::IsNotFound(read)) return std::nullopt;  // its time of keeping is over
  if (!read.ok() && !(found && absl::IsCancelled(read))) return read;
  return found;
}

absl::StatusOr<std::optional<KeyCells>> RecordFinder::FindKey(const SubmissionId& submission,
                                                              const std::string& key) const {
  return Find(submission, [&key](const KeyCells& cells) { return RecordKey(cells) == key; });
}

absl::StatusOr<ReleasedKey> ReleasedKey::Of(const HostParts& host, const json::Value& disclosure,
                                            const std::vector<std::string>& key_fields) {
  ReleasedKey released;
  released.form_ = SubjectText(disclosure, "protocol") + " " + SubjectText(disclosure, "pseudonymKey");
  for (const std::string& field : key_fields) {
    const std::string form = FormOf(disclosure, field);
    released.form_ += " " + form;
    if (form == "release") {
      released.cells_.emplace_back([](const KeyCell& cell) { return cell.text; });
    } else if (form == "pseudonymise") {
      ASSIGN_OR_RETURN(Show show, Pseudonyms(host, disclosure, field));
      released.cells_.push_back(std::move(show));
    } else {
      return NoSingleRecord(disclosure, field, form.empty() ? "did not leave" : "left in another form");
    }
  }
  return released;
}

std::string ReleasedKey::Shown(const KeyCells& cells) const {
  std::vector<std::string> texts;
  for (size_t i = 0; i < cells.size() && i < cells_.size(); ++i) texts.push_back(cells_[i](cells[i]));
  return Joined(texts);
}

absl::StatusOr<bool> GaveAway(const HostParts& host, const ReceiptId& disclosure, const DatasetId& dataset,
                              const std::string& key) {
  return DisclosureHolds(host, disclosure, dataset, key);
}

}  // namespace concordat::flows
