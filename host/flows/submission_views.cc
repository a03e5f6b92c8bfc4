#include "host/flows/submission_views.h"

#include <sstream>

#include "fmt/format.h"
#include "host/flows/acceptance.h"
#include "host/flows/disputes.h"
#include "host/flows/mend_file.h"
#include "host/flows/quality_policies.h"
#include "host/flows/result_json.h"
#include "host/flows/sign_off.h"
#include "host/quality/findings_csv.h"

namespace concordat::flows {
namespace {

// Lines are gathered up to this size before they go to the file.
constexpr size_t kFlushBytes = 256 * 1024;

class LineWriter {
 public:
  explicit LineWriter(Spool& spool) : spool_(spool) {}
  absl::Status Add(std::string_view line) {
    buffer_ += line;
    return buffer_.size() < kFlushBytes ? absl::OkStatus() : Flush();
  }
  absl::Status Flush() {
    if (buffer_.empty()) return absl::OkStatus();
    const absl::Status appended = spool_.Append(buffer_);
    buffer_.clear();
    return appended;
  }

 private:
  Spool& spool_;
  std::string buffer_;
};

json::Object RowOf(const store::Attempt& attempt) {
  const json::Value& result = attempt.result;
  json::Object row{{"submission", attempt.id.str()},   {"feed", attempt.feed.str()},
                   {"partner", attempt.partner.str()}, {"dataset", attempt.dataset.str()},
                   {"period", attempt.period},         {"attempt", attempt.number},
                   {"state", attempt.state},           {"received", TimeText(attempt.received)}};
  row["decision"] = json::Value(boost::json::string(record::VerdictName(attempt.verdict)));
  for (const char* member : {"score", "grade", "records"}) {
    const json::Value* found = json::Find(result, member);
    row[member] = found == nullptr ? json::Value(nullptr) : *found;
  }
  if (!attempt.mends.empty()) row["mends"] = attempt.mends;
  if (!attempt.supersedes.empty()) row["supersedes"] = attempt.supersedes;
  if (!attempt.reason.empty()) row["reason"] = attempt.reason;
  return row;
}

// What people said of it beside what the rules said.
absl::Status AddJudgements(const HostParts& host, const store::Attempt& attempt, json::Object& row) {
  ASSIGN_OR_RETURN(const AcceptanceCounts counts, AcceptanceCountsOf(host, attempt));
  row["warned"] = counts.warned;
  row["acceptances"] = counts.standing;
  row["acceptancesExpired"] = counts.expired;
  ASSIGN_OR_RETURN(const std::optional<store::SignOff> sign_off, SignOffOf(host, attempt));
  row["signedOff"] = sign_off ? json::Value(SignOffJson(*sign_off)) : json::Value(nullptr);
  return absl::OkStatus();
}

// Whose signature on the quality policy is missing now, for the reader of a report.
absl::Status AddUnsigned(const HostParts& host, json::Object& result) {
  json::Value* policy = result.if_contains("qualityPolicy");
  if (policy == nullptr || !policy->is_object()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<PartnerId> missing, NotSignedBy(host));
  json::Array partners;
  for (const PartnerId& partner : missing) partners.emplace_back(partner.str());
  policy->get_object()["notSignedBy"] = std::move(partners);
  return absl::OkStatus();
}

absl::Status WriteToMend(const HostParts& host, const SubmissionId& id, LineWriter& writer) {
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, host.store->SourceColumns(id));
  RETURN_IF_ERROR(writer.Add(MendFileHeader(columns)));
  return host.store->VisitQuarantined(id, [&](const store::QuarantinedRecord& record) {
    return writer.Add(MendFileLine(record, columns.size()));
  });
}

absl::Status WriteFindings(const HostParts& host, const store::Attempt& attempt, const std::string& rule,
                           LineWriter& writer) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const policy::ContractObject* object = policies->set->FindDataset(attempt.dataset).second;
  if (object == nullptr)
    return absl::FailedPreconditionError(
        fmt::format("the dataset {} is no longer in the policies", attempt.dataset.str()));
  std::ostringstream text;
  quality::FindingsCsv csv(text, *object->schema, /*show_values=*/false);
  RETURN_IF_ERROR(host.store->VisitFindings(attempt.id, rule, [&](const record::Finding& finding) {
    csv.OnFinding(finding);
    const absl::Status added = writer.Add(text.str());
    text.str("");
    return added;
  }));
  return writer.Add(text.str());
}

}  // namespace

absl::StatusOr<SubmissionView> ViewSubmission(const HostParts& host, const Caller& caller,
                                              const SubmissionId& id) {
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(id));
  SubmissionView view;
  const bool own = caller.partner == attempt.partner && !caller.administrator;
  json::Object result = own ? attempt.result.as_object() : WithoutSamples(attempt.result.as_object());
  result["state"] = attempt.state;
  if (attempt.state != "rejected") {
    ASSIGN_OR_RETURN(json::Object disputes, DisputesJson(host, attempt));
    result["disputes"] = std::move(disputes);
  }
  ASSIGN_OR_RETURN(result["acceptances"], AcceptancesJson(host, attempt.id));
  ASSIGN_OR_RETURN(const std::optional<store::SignOff> sign_off, SignOffOf(host, attempt));
  result["signedOff"] = sign_off ? json::Value(SignOffJson(*sign_off)) : json::Value(nullptr);
  ASSIGN_OR_RETURN(result["signOffs"], SignOffHistory(host, attempt.id));
  RETURN_IF_ERROR(AddUnsigned(host, result));
  view.result = std::move(result);
  if (own || caller.administrator) view.receipt = attempt.receipt;
  return view;
}

absl::StatusOr<json::Value> ListSubmissions(const HostParts& host,
                                            const store::SubmissionStore::Filter& filter) {
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  json::Array list;
  for (const store::Attempt& attempt : attempts) {
    json::Object row = RowOf(attempt);
    RETURN_IF_ERROR(AddJudgements(host, attempt, row));
    list.push_back(std::move(row));
  }
  return list;
}

absl::StatusOr<std::unique_ptr<Spool>> FindingsFile(const HostParts& host, const Caller& caller,
                                                    const SubmissionId& id, const std::string& rule,
                                                    bool to_mend) {
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(id));
  RETURN_IF_ERROR(RequireRole(caller, attempt.partner, {"steward"}, "see the findings of " + id.str()));
  ASSIGN_OR_RETURN(std::unique_ptr<Spool> spool, Spool::Create(host.SpoolFolder(), /*digest=*/false));
  LineWriter writer(*spool);
  RETURN_IF_ERROR(to_mend ? WriteToMend(host, id, writer) : WriteFindings(host, attempt, rule, writer));
  RETURN_IF_ERROR(writer.Flush());
  RETURN_IF_ERROR(spool->Finish());
  return spool;
}

}  // namespace concordat::flows
