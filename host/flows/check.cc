#include "host/flows/check.h"

#include "host/flows/check_outputs.h"
#include "host/flows/result_json.h"

namespace concordat::flows {
namespace {

quality::RunContext ContextOf(const CheckRequest& request) {
  quality::RunContext context;
  context.as_of = request.as_of;
  if (request.period) context.period = *request.period;
  context.samples = request.samples;
  context.threads = request.threads;
  context.dataset = request.dataset;
  context.previous = request.previous;
  return context;
}

}  // namespace

absl::StatusOr<CheckResult> Check(const CheckRequest& request) {
  const CheckFiles files{request.findings_path, request.valid_path, request.quarantine_path};
  ASSIGN_OR_RETURN(
      const std::unique_ptr<CheckOutputs> outputs,
      CheckOutputs::Create(files, *request.plan.object->schema, request.show_values, request.patterns));
  PipelineRun run;
  run.plan = request.plan;
  run.source = request.source;
  run.context = ContextOf(request);
  run.worker = request.worker;
  run.limits = request.limits;
  run.batch_rows = request.batch_rows;
  run.progress = request.progress;
  // Rules make a finding of every failure only when somebody takes them all.
  const bool every_finding = !files.findings.empty() || !files.quarantine.empty() || request.patterns;
  if (every_finding) run.findings = outputs.get();
  if (!files.valid.empty() || !files.quarantine.empty()) run.records = outputs.get();
  ASSIGN_OR_RETURN(Judged judged, JudgeSource(run));
  RETURN_IF_ERROR(outputs->Finish());
  CheckResult result;
  result.result = JudgementJson(request.plan, request.source, run.context.period, request.as_of, judged,
                                request.show_values);
  result.patterns = outputs->patterns();
  result.outcome = std::move(judged.outcome);
  return result;
}

}  // namespace concordat::flows
