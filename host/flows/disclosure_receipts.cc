#include "host/flows/disclosure_receipts.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/text_array.h"
#include "host/sharing/output_shape.h"

namespace concordat::flows {
namespace {

json::Array FormsOf(const record::Ruling& ruling) {
  json::Array fields;
  for (const record::ReleasedField& field : ruling.release)
    fields.push_back(json::Object{{"field", field.field}, {"form", field.form}});
  return fields;
}

json::Array QualityOf(const record::Ruling& ruling) {
  json::Array quality;
  for (const auto& [condition, measured] : ruling.quality)
    quality.push_back(json::Object{{"condition", condition}, {"measured", measured}});
  return quality;
}

// Every duty was verified on its outcome before the rows it concerns could leave.
json::Array DutiesOf(const Hearing& hearing, const ReleaseFigures& figures) {
  json::Array duties;
  const policy::Share& share = *hearing.share;
  for (const sharing::ShapedField& shaped : sharing::ShapedFields(share)) {
    const bool leaves =
        std::any_of(hearing.ruling.release.begin(), hearing.ruling.release.end(),
                    [&](const record::ReleasedField& field) { return field.field == shaped.name; });
    if (!leaves) continue;
    json::Object duty{{"duty", shaped.duty->duty}, {"field", shaped.name}, {"verified", true}};
    if (share.aggregate) duty["cells"] = figures.counted_records;  // of records it is known at the end
    duties.push_back(std::move(duty));
  }
  if (share.aggregate)
    duties.push_back(json::Object{{"duty", "aggregate"},
                                  {"records", figures.counted_records},
                                  {"cells", figures.cells},
                                  {"verified", true}});
  if (share.k_anonymity) {
    json::Object duty{{"duty", "k_anonymity"},
                      {"k", share.k_anonymity->k},
                      {"withheld", figures.withheld_records},
                      {"verified", true}};
    if (figures.smallest_class) duty["smallestClass"] = *figures.smallest_class;
    duties.push_back(std::move(duty));
  }
  if (share.small_counts)
    duties.push_back(json::Object{{"duty", "small_counts"},
                                  {"threshold", share.small_counts->threshold},
                                  {"suppressed", figures.suppressed_cells},
                                  {"verified", true}});
  return duties;
}

json::Array GiversOf(const Hearing& hearing) {
  json::Array givers;
  for (const PartnerId& partner : hearing.givers.empty() ? hearing.share->from : hearing.givers)
    givers.emplace_back(partner.str());
  return givers;
}

// A duty on a field was done to one cell of every row that left.
void CountCells(uint64_t rows, json::Object& subject) {
  json::Value* duties = subject.if_contains("duties");
  if (duties == nullptr || !duties->is_array()) return;
  for (json::Value& duty : duties->as_array()) {
    if (duty.as_object().contains("field") && !duty.as_object().contains("cells"))
      duty.as_object()["cells"] = rows;
  }
}

}  // namespace

ReceiptDraft DraftOf(const Hearing& hearing) {
  const record::Ruling& ruling = hearing.ruling;
  const ExchangeRequest& request = hearing.request;
  ReceiptDraft draft;
  draft.kind = ruling.permit ? record::ReceiptKind::kDisclosure : record::ReceiptKind::kRefusal;
  draft.subject = {
      {"dataset", request.dataset.str()},
      {"protocol", hearing.access.protocol.str()},
      {"purpose", request.purpose},
      {"partner", request.caller.partner.str()},
      {"user", request.caller.spiffe_id},
      {"role", request.caller.role},
      {"onBehalfOf", request.on_behalf_of.empty() ? request.caller.partner.str() : request.on_behalf_of},
      {"clause", ruling.clause}};
  if (!ruling.protocol_version.empty()) draft.subject["protocolVersion"] = ruling.protocol_version;
  if (!request.select.empty()) draft.subject["select"] = TextArray(request.select);
  if (!request.where.empty()) draft.subject["where"] = request.where;
  if (hearing.protocol != nullptr) draft.subject["bases"] = TextArray(hearing.protocol->bases);
  if (hearing.share != nullptr) draft.subject["givers"] = GiversOf(hearing);
  if (!ruling.quality.empty()) draft.subject["quality"] = QualityOf(ruling);
  if (!ruling.caveats.empty()) draft.subject["caveats"] = TextArray(ruling.caveats);
  if (request.emergency) {
    draft.subject["emergency"] = json::Object{{"person", request.emergency->person},
                                              {"basis", request.emergency->basis},
                                              {"reason", request.emergency->reason}};
  }
  draft.digests = {{"policy", hearing.policies->set->digest}};
  if (!ruling.protocol_digest.empty()) draft.digests.emplace_back("protocol", ruling.protocol_digest);
  if (const policy::Contract* contract = hearing.policies->set->FindDataset(request.dataset).first;
      contract != nullptr)
    draft.digests.emplace_back("contract", contract->digest);
  draft.decision = ruling.permit ? "permit" : "deny";
  draft.reasons = {{ruling.permit ? ruling.clause : ruling.cause, ruling.message}};
  draft.partner = request.caller.partner;
  draft.summary = fmt::format("{} under {} for {}: {}", request.dataset.str(), hearing.access.protocol.str(),
                              request.caller.partner.str(), draft.decision);
  return draft;
}

void AddRelease(const Hearing& hearing, const ReleaseFigures& figures, ReceiptDraft& draft) {
  draft.subject["share"] = hearing.share->id;
  draft.subject["form"] = hearing.share->aggregate ? "aggregate" : "records";
  draft.subject["format"] = hearing.request.format;
  draft.subject["fields"] = FormsOf(hearing.ruling);
  draft.subject["duties"] = DutiesOf(hearing, figures);
  if (hearing.materials.key) draft.subject["pseudonymKey"] = hearing.materials.key->id;
  json::Array submissions;
  for (const SubmissionId& id : hearing.submissions) submissions.emplace_back(id.str());
  draft.subject["submissions"] = std::move(submissions);
}

void AddEnd(const TransferEnd& end, ReceiptDraft& draft) {
  draft.subject["stage"] = end.stage;
  draft.subject["begun"] = end.begun;
  draft.records["released"] = end.rows;
  CountCells(end.rows, draft.subject);
  if (!end.output.empty()) draft.digests.emplace_back("output", end.output);
  if (!end.why.empty()) draft.reasons.push_back({end.stage, end.why});
  if (end.stage != "complete")
    draft.summary +=
        fmt::format(", {} after {} rows", end.stage == "broken_off" ? "broken off" : end.stage, end.rows);
}

json::Value DraftJson(const ReceiptDraft& draft) {
  json::Array digests;
  for (const auto& [name, digest] : draft.digests) digests.push_back(json::Array{name, digest});
  json::Array reasons;
  for (const record::Reason& reason : draft.reasons)
    reasons.push_back(json::Array{reason.rule, reason.message});
  return json::Object{{"subject", draft.subject},   {"digests", std::move(digests)},
                      {"decision", draft.decision}, {"reasons", std::move(reasons)},
                      {"records", draft.records},   {"partner", draft.partner.str()},
                      {"summary", draft.summary}};
}

ReceiptDraft DraftFromJson(const json::Value& json) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kDisclosure;
  draft.subject = json.at("subject").as_object();
  for (const json::Value& pair : json.at("digests").as_array())
    draft.digests.emplace_back(std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string()));
  for (const json::Value& pair : json.at("reasons").as_array())
    draft.reasons.push_back({std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string())});
  draft.decision = json::TextOr(json, "decision", "permit");
  draft.records = json.at("records").as_object();
  draft.partner = PartnerId(json::TextOr(json, "partner", ""));
  draft.summary = json::TextOr(json, "summary", "");
  return draft;
}

}  // namespace concordat::flows
