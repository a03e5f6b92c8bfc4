#include "host/flows/transfer.h"

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/ids.h"
#include "host/flows/disclosure_index.h"
#include "host/flows/disclosure_receipts.h"
#include "host/flows/obligations.h"
#include "host/flows/record_holders.h"
#include "host/flows/release_memory.h"

namespace concordat::flows {
namespace {

// One end for each beginning: a host that stopped just after it knows at the next start that it is on record.
std::string EndIdOf(const std::string& begun) {
  return "R-" + HexEncode(Sha256("end of " + begun)).substr(0, begun.size() - 2);
}

class Refusal final : public Transfer {
 public:
  Refusal(std::unique_ptr<Hearing> hearing, json::Value receipt)
      : hearing_(std::move(hearing)), receipt_(std::move(receipt)) {}
  const record::Ruling& ruling() const override { return hearing_->ruling; }
  absl::StatusOr<std::optional<std::string>> Next() override { return std::nullopt; }
  absl::StatusOr<json::Value> Finish() override { return receipt_; }
  uint64_t rows() const override { return 0; }

 private:
  const std::unique_ptr<Hearing> hearing_;
  const json::Value receipt_;
};

/// A permitted transfer: its beginning is on record before it is made.
class Sending final : public Transfer {
 public:
  Sending(const HostParts& host, std::unique_ptr<Hearing> hearing, PreparedRows prepared, ReceiptDraft draft,
          std::string begun, std::unique_ptr<RowFormat> format, std::unique_ptr<DisclosureIndexWriter> index)
      : host_(host),
        hearing_(std::move(hearing)),
        rows_source_(std::move(prepared.rows)),
        draft_(std::move(draft)),
        begun_(std::move(begun)),
        format_(std::move(format)),
        index_(std::move(index)) {}

  ~Sending() override {
    rows_source_.reset();
    if (!ended_) EndAs("broken_off", "the transfer was not taken to its end").IgnoreError();
  }

  const record::Ruling& ruling() const override { return hearing_->ruling; }
  uint64_t rows() const override { return rows_; }

  absl::StatusOr<std::optional<std::string>> Next() override {
    if (ended_ || last_sent_) return std::nullopt;
    std::optional<std::string> bytes;
    if (!started_) {
      started_ = true;
      bytes = format_->Begin();
    } else {
      absl::StatusOr<std::optional<sharing::AskedRows>> rows = rows_source_->Next();
      if (!rows.ok()) return BreakOff(rows.status());
      if (*rows) {
        Index((*rows)->subjects);
        rows_ += (*rows)->rows.rows();
        bytes = format_->Rows((*rows)->rows);
      } else {
        last_sent_ = true;
        bytes = format_->End();
      }
    }
    digest_.Update(*bytes);
    return bytes;
  }

  absl::StatusOr<json::Value> Finish() override {
    if (ended_ || !last_sent_) return absl::FailedPreconditionError("the transfer has not come to its end");
    return EndAs("complete", "");
  }

 private:
  void Index(const sharing::ReleasedRows& subjects) {
    if (index_ == nullptr) return;
    std::vector<std::string_view> cells(subjects.columns.size());
    for (size_t row = 0; row < subjects.rows(); ++row) {
      for (size_t i = 0; i < cells.size(); ++i) cells[i] = subjects.columns[i]->at(row);
      index_->Add(SubjectKey(cells));
    }
  }

  absl::Status BreakOff(const absl::Status& error) {
    EndAs("broken_off", std::string(MessageOf(error))).IgnoreError();
    return error;
  }

  absl::StatusOr<json::Value> EndAs(const std::string& stage, const std::string& why) {
    ended_ = true;
    draft_.id = EndIdOf(begun_);
    // Before the receipt: none is called complete whose subjects nobody could find.
    const absl::Status indexed = index_ == nullptr ? absl::OkStatus() : index_->Finish(ReceiptId(draft_.id));
    const bool whole = stage == "complete" && indexed.ok();
    AddEnd({whole ? stage : "broken_off", begun_, DigestText(digest_.Finish()), rows_,
            why.empty() ? std::string(MessageOf(indexed)) : why},
           draft_);
    ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host_, draft_));
    RETURN_IF_ERROR(host_.store->EndTransfer(begun_));
    RETURN_IF_ERROR(indexed);
    return receipt;
  }

  const HostParts& host_;
  const std::unique_ptr<Hearing> hearing_;
  std::unique_ptr<RowSource> rows_source_;
  ReceiptDraft draft_;
  const std::string begun_;
  const std::unique_ptr<RowFormat> format_;
  const std::unique_ptr<DisclosureIndexWriter> index_;  // null: the records have no keys
  Sha256Stream digest_;
  uint64_t rows_ = 0;
  bool started_ = false;
  bool last_sent_ = false;
  bool ended_ = false;
};

// What the recipient owes from now on, whether or not the last row arrives.
absl::Status OweForIt(const HostParts& host, const Hearing& hearing, const ReceiptId& receipt) {
  if (const auto due = DeletionDue(*hearing.protocol, hearing.access.time)) {
    RETURN_IF_ERROR(OweDeletion(host, receipt, hearing.access.partner, hearing.access.dataset,
                                hearing.access.protocol, *due));
  }
  if (!hearing.access.emergency) return absl::OkStatus();
  return OweEmergencyReview(host, receipt, hearing.access.partner, hearing.request.caller.spiffe_id,
                            hearing.access.emergency->reason, hearing.access.emergency->basis);
}

RowMetadata MetadataOf(const Hearing& hearing, const std::string& begun) {
  RowMetadata metadata = {{"concordat:dataset", hearing.request.dataset.str()},
                          {"concordat:protocol", hearing.access.protocol.str()},
                          {"concordat:protocolVersion", hearing.ruling.protocol_version},
                          {"concordat:clause", hearing.ruling.clause},
                          {"concordat:purpose", hearing.request.purpose},
                          {"concordat:disclosure", EndIdOf(begun)}};
  if (!hearing.ruling.caveats.empty())
    metadata.emplace_back("concordat:caveat", fmt::format("{}", fmt::join(hearing.ruling.caveats, "\n")));
  return metadata;
}

// No ruling either: whoever asks must not take for an answer what nobody could prove.
absl::Status Unrecorded(const absl::Status& error) {
  return absl::UnavailableError(
      fmt::format("audit_unavailable: nothing was released, because it cannot "
                  "be put on record: {}; tell the host's administrator",
                  MessageOf(error)));
}

// All that must stand in the store before the first byte leaves.
absl::StatusOr<std::unique_ptr<DisclosureIndexWriter>> Remember(const HostParts& host, const Hearing& hearing,
                                                                const ReleaseFigures& figures,
                                                                const std::string& begun) {
  const ReleaseJob job{
      &host, hearing.policies->set.get(), hearing.protocol, hearing.share, nullptr, hearing.access, {}};
  // Under the receipt that the recipient will hold, though it is not written yet.
  RETURN_IF_ERROR(RememberRelease(job, EndIdOf(begun), figures));
  RETURN_IF_ERROR(OweForIt(host, hearing, ReceiptId(EndIdOf(begun))));
  if (SubjectFields(*hearing.policies->set, *hearing.share).empty()) return nullptr;
  return DisclosureIndexWriter::Create(host, hearing.request.dataset);
}

// Whether it has a beginning on record and no end. Nothing left under a beginning that could not be entered.
absl::StatusOr<bool> NeedsEnd(const HostParts& host, const std::string& begun) {
  const absl::Status known = host.store->GetReceipt(ReceiptId(begun)).status();
  if (absl::IsNotFound(known)) return false;
  RETURN_IF_ERROR(known);
  const absl::Status ended = host.store->GetReceipt(ReceiptId(EndIdOf(begun))).status();
  if (absl::IsNotFound(ended)) return true;
  RETURN_IF_ERROR(ended);
  return false;
}

absl::Status CloseTransfer(const HostParts& host, const std::string& begun, ReceiptDraft draft,
                           const TransferEnd& end) {
  ASSIGN_OR_RETURN(const bool needs_end, NeedsEnd(host, begun));
  draft.id = EndIdOf(begun);
  AddEnd(end, draft);
  if (needs_end) RETURN_IF_ERROR(IssueReceipt(host, draft).status());
  return host.store->EndTransfer(begun);
}

// What began on record ends on record, though nothing left; at the latest when the host starts again.
absl::Status EndUnsent(const HostParts& host, const std::string& begun, ReceiptDraft draft,
                       const absl::Status& error) {
  CloseTransfer(host, begun, std::move(draft),
                {"broken_off", begun, DigestOf(""), 0, std::string(MessageOf(error))})
      .IgnoreError();
  return Unrecorded(error);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transfer>> Refuse(const HostParts& host, std::unique_ptr<Hearing> hearing) {
  absl::StatusOr<json::Value> receipt = IssueReceipt(host, DraftOf(*hearing));
  if (!receipt.ok()) return Unrecorded(receipt.status());
  return std::make_unique<Refusal>(std::move(hearing), *std::move(receipt));
}

absl::StatusOr<std::unique_ptr<Transfer>> BeginTransfer(const HostParts& host,
                                                        std::unique_ptr<Hearing> hearing,
                                                        PreparedRows prepared) {
  ReceiptDraft draft = DraftOf(*hearing);
  AddRelease(*hearing, prepared.figures, draft);
  ReceiptDraft beginning = draft;
  beginning.subject["stage"] = "begun";
  beginning.summary += ", begun";
  beginning.id = NewRandomId("R-");
  const std::string begun = beginning.id;
  // First of all, so that whenever the host stops, what began on record is found at the next start.
  if (const absl::Status open = host.store->BeginTransfer({begun, DraftJson(draft)}); !open.ok())
    return Unrecorded(open);
  if (const absl::Status entered = IssueReceipt(host, beginning).status(); !entered.ok())
    return EndUnsent(host, begun, std::move(draft), entered);
  absl::StatusOr<std::unique_ptr<DisclosureIndexWriter>> index =
      Remember(host, *hearing, prepared.figures, begun);
  if (!index.ok()) return EndUnsent(host, begun, std::move(draft), index.status());
  ASSIGN_OR_RETURN(std::unique_ptr<RowFormat> format,
                   MakeRowFormat(hearing->request.format, prepared.columns, MetadataOf(*hearing, begun)));
  return std::make_unique<Sending>(host, std::move(hearing), std::move(prepared), std::move(draft), begun,
                                   std::move(format), *std::move(index));
}

namespace {

// Which rows left before the crash nobody knows: every record of the submissions counts as disclosed.
absl::Status IndexWhatMayHaveLeft(const HostParts& host, const ReceiptDraft& draft,
                                  const ReceiptId& receipt) {
  const json::Value subject(draft.subject);
  const DatasetId dataset(json::TextOr(subject, "dataset", ""));
  const policy::ContractObject* object = host.policies->Get()->set->FindDataset(dataset).second;
  if (object == nullptr || json::TextOr(subject, "form", "") != "records") return absl::OkStatus();
  auto keys = std::make_shared<data::Schema>();
  keys->dataset = object->schema->dataset;
  for (const std::string& name : KeyFieldsOf(*object)) {
    if (const auto index = object->schema->Find(name)) keys->fields.push_back(object->schema->fields[*index]);
  }
  if (keys->fields.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::unique_ptr<DisclosureIndexWriter> index,
                   DisclosureIndexWriter::Create(host, dataset));
  std::vector<std::string_view> cells(keys->fields.size());
  const absl::Status read = host.store->ReadRecords(
      dataset, keys, SubmissionsOf(json::Object{{"subject", draft.subject}}), [&](const data::Batch& batch) {
        for (size_t row = 0; row < batch.rows(); ++row) {
          for (size_t i = 0; i < cells.size(); ++i) cells[i] = batch.columns[i].text->at(row);
          index->Add(SubjectKey(cells));
        }
        return absl::OkStatus();
      });
  if (!read.ok() && !absl::IsNotFound(read)) return read;  // not found: erased since
  return index->Finish(receipt);
}

}  // namespace

absl::Status CloseBrokenTransfers(const HostParts& host) {
  ASSIGN_OR_RETURN(const std::vector<store::OpenTransfer> transfers, host.store->OpenTransfers());
  for (const store::OpenTransfer& transfer : transfers) {
    const ReceiptId end(EndIdOf(transfer.receipt));
    const ReceiptDraft draft = DraftFromJson(transfer.draft);
    ASSIGN_OR_RETURN(const bool needs_end, NeedsEnd(host, transfer.receipt));
    // What cannot be read now keeps the transfer open until a later start can; this one must not fail for it.
    if (needs_end && !IndexWhatMayHaveLeft(host, draft, end).ok()) continue;
    RETURN_IF_ERROR(CloseTransfer(host, transfer.receipt, draft,
                                  {"broken_off", transfer.receipt, "", 0,
                                   "the host stopped while rows were leaving; how many left is not known"}));
  }
  return absl::OkStatus();
}

}  // namespace concordat::flows
