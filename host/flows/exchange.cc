#include "host/flows/exchange.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/csv.h"
#include "host/flows/agreements.h"
#include "host/flows/receipts.h"
#include "host/sharing/release.h"

namespace concordat::flows {
namespace {

// What the request comes down to once policies, signatures and scores are known.
struct Answer {
  std::shared_ptr<const LoadedPolicies> policies;
  sharing::AccessRequest access;
  sharing::RulingWithShare ruling;
  std::optional<sharing::PseudonymKey> key;
  std::vector<SubmissionId> submissions;  // whose rows leave
};

sharing::AccessRequest AccessOf(const HostParts& host, const ExchangeRequest& request) {
  sharing::AccessRequest access;
  access.partner = request.caller.partner;
  access.role = request.caller.role;
  access.user = request.caller.name;
  access.dataset = request.dataset;
  access.protocol = request.protocol;
  access.purpose = request.purpose;
  access.select = request.select;
  access.where = request.where;
  access.time = host.clock->Now();
  for (const auto& [name, value] : request.attributes) access.attributes[name] = expr::Value{value};
  return access;
}

std::map<std::string, double> ScoresOf(const store::Attempt& attempt) {
  std::map<std::string, double> scores;
  const json::Value* score = json::Find(attempt.result, "score");
  if (score != nullptr && score->is_number()) scores["score"] = score->to_number<double>();
  const json::Value* dimensions = json::Find(attempt.result, "dimensions");
  if (dimensions == nullptr || !dimensions->is_array()) return scores;
  for (const json::Value& dimension : dimensions->get_array()) {
    const json::Value* value = json::Find(dimension, "score");
    if (value != nullptr && value->is_number())
      scores[json::TextOr(dimension, "dimension", "")] = value->to_number<double>();
  }
  return scores;
}

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

// A protocol nobody wrote gets no key, however often it is asked for.
void FindKey(const HostParts& host, const ProtocolId& protocol, Answer& answer, sharing::Facts& facts) {
  if (answer.policies->set->FindProtocol(protocol).empty()) return;
  const auto key = host.store->PseudonymKey(protocol);
  facts.pseudonym_key_available = key.ok();
  if (key.ok()) answer.key = sharing::PseudonymKey{key->first, key->second};
}

absl::StatusOr<Answer> RuleOn(const HostParts& host, const ExchangeRequest& request) {
  Answer answer;
  answer.policies = host.policies->Get();
  answer.access = AccessOf(host, request);
  sharing::Facts facts;
  ASSIGN_OR_RETURN(facts.signatures, SignaturesOf(host, request.protocol));
  store::SubmissionStore::Filter filter;
  filter.dataset = request.dataset;
  filter.current_only = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  for (const store::Attempt& attempt : attempts) {
    facts.submissions.push_back(
        {attempt.id, attempt.partner, attempt.period, attempt.received, ScoresOf(attempt)});
  }
  FindKey(host, request.protocol, answer, facts);
  answer.ruling = sharing::Rule(*answer.policies->set, answer.access, facts);
  if (!answer.ruling.ruling.permit) return answer;
  for (const store::Attempt& attempt : attempts) {
    if (Holds(answer.ruling.share->from, attempt.partner)) answer.submissions.push_back(attempt.id);
  }
  std::reverse(answer.submissions.begin(), answer.submissions.end());  // oldest first
  return answer;
}

// Everything is staged before the receipt is made: no byte leaves on the way to an error.
absl::StatusOr<uint64_t> StageRows(const HostParts& host, const Answer& answer, Spool& output) {
  const auto [contract, object] = answer.policies->set->FindDataset(answer.access.dataset);
  if (object == nullptr) return absl::InternalError("a permit without a dataset");
  ASSIGN_OR_RETURN(sharing::Release release,
                   sharing::Release::Create(*answer.ruling.share, object->schema, answer.access,
                                            answer.key ? &*answer.key : nullptr));
  RETURN_IF_ERROR(output.Append(CsvLine(release.columns())));
  uint64_t rows = 0;
  RETURN_IF_ERROR(host.store->ReadRecords(
      answer.access.dataset, object->schema, answer.submissions,
      [&](const data::Batch& batch) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<std::vector<std::string>> lines, release.Apply(batch));
        std::string chunk;
        for (const std::vector<std::string>& line : lines) chunk += CsvLine(line);
        rows += lines.size();
        return chunk.empty() ? absl::OkStatus() : output.Append(std::move(chunk));
      }));
  return rows;
}

ReceiptDraft DraftOf(const ExchangeRequest& request, const Answer& answer) {
  const record::Ruling& ruling = answer.ruling.ruling;
  ReceiptDraft draft;
  draft.kind = ruling.permit ? record::ReceiptKind::kDisclosure : record::ReceiptKind::kRefusal;
  draft.subject = {{"dataset", request.dataset.str()}, {"protocol", request.protocol.str()},
                   {"purpose", request.purpose},       {"partner", request.caller.partner.str()},
                   {"user", request.caller.spiffe_id}, {"clause", ruling.clause}};
  if (!ruling.protocol_version.empty()) draft.subject["protocolVersion"] = ruling.protocol_version;
  if (!request.where.empty()) draft.subject["where"] = request.where;
  draft.digests = {{"policy", answer.policies->set->digest}};
  if (!ruling.protocol_digest.empty()) draft.digests.emplace_back("protocol", ruling.protocol_digest);
  draft.decision = ruling.permit ? "permit" : "deny";
  draft.reasons = {{ruling.permit ? ruling.clause : ruling.cause, ruling.message}};
  draft.partner = request.caller.partner;
  draft.summary = fmt::format("{} under {} for {}: {}", request.dataset.str(), request.protocol.str(),
                              request.caller.partner.str(), draft.decision);
  return draft;
}

json::Array FormsOf(const record::Ruling& ruling) {
  json::Array fields;
  for (const record::ReleasedField& field : ruling.release)
    fields.push_back(json::Object{{"field", field.field}, {"form", field.form}});
  return fields;
}

bool HasPseudonyms(const record::Ruling& ruling) {
  return std::any_of(ruling.release.begin(), ruling.release.end(),
                     [](const record::ReleasedField& field) { return field.form == "pseudonymise"; });
}

absl::StatusOr<ExchangeResult> Refuse(const HostParts& host, const ExchangeRequest& request, Answer answer) {
  ExchangeResult result;
  const ReceiptDraft draft = DraftOf(request, answer);
  ASSIGN_OR_RETURN(result.receipt, IssueReceipt(host, draft));
  result.ruling = std::move(answer.ruling.ruling);
  return result;
}

void TurnIntoDeny(record::Ruling& ruling, std::string cause, std::string message) {
  ruling.permit = false;
  ruling.cause = std::move(cause);
  ruling.message = std::move(message);
  ruling.release.clear();
  ruling.mend = "nothing was released; tell the host's administrator, who finds the cause in the host's log";
}

absl::StatusOr<ExchangeResult> Disclose(const HostParts& host, const ExchangeRequest& request,
                                        Answer answer) {
  ASSIGN_OR_RETURN(std::unique_ptr<Spool> output, Spool::Create(host.SpoolFolder(), /*digest=*/true));
  const absl::StatusOr<uint64_t> rows = StageRows(host, answer, *output);
  if (!rows.ok()) {
    const char* cause = absl::IsInternal(rows.status()) ? "duty_violated" : "duty_unavailable";
    TurnIntoDeny(answer.ruling.ruling, cause, std::string(MessageOf(rows.status())));
    return Refuse(host, request, std::move(answer));
  }
  ReceiptDraft draft = DraftOf(request, answer);
  RETURN_IF_ERROR(output->Finish());
  draft.digests.emplace_back("output", output->FinishDigest());
  draft.records = {{"released", *rows}};
  draft.subject["fields"] = FormsOf(answer.ruling.ruling);
  if (answer.key && HasPseudonyms(answer.ruling.ruling)) draft.subject["pseudonymKey"] = answer.key->id;
  json::Array submissions;
  for (const SubmissionId& id : answer.submissions) submissions.emplace_back(id.str());
  draft.subject["submissions"] = std::move(submissions);
  ExchangeResult result;
  ASSIGN_OR_RETURN(result.receipt, IssueReceipt(host, draft));
  result.ruling = std::move(answer.ruling.ruling);
  result.output = std::move(output);
  result.rows = *rows;
  return result;
}

}  // namespace

absl::StatusOr<ExchangeResult> Exchange(const HostParts& host, const ExchangeRequest& request) {
  if (request.format != "csv") {
    return absl::InvalidArgumentError(
        fmt::format("the format \"{}\" is not built yet; csv is", request.format));
  }
  ASSIGN_OR_RETURN(Answer answer, RuleOn(host, request));
  if (!answer.ruling.ruling.permit) return Refuse(host, request, std::move(answer));
  return Disclose(host, request, std::move(answer));
}

absl::StatusOr<record::Ruling> Explain(const HostParts& host, const ExchangeRequest& request) {
  ASSIGN_OR_RETURN(Answer answer, RuleOn(host, request));
  return std::move(answer.ruling.ruling);
}

}  // namespace concordat::flows
