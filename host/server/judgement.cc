#include "host/server/judgement.h"

namespace concordat::server {
namespace {

uint64_t Count(const json::Value& object, std::string_view member) {
  const json::Value* found = json::Find(object, member);
  return found == nullptr || !found->is_number() ? 0 : found->to_number<uint64_t>();
}

v1::RuleCounts RuleMessage(const json::Value& rule) {
  v1::RuleCounts message;
  message.set_id(json::TextOr(rule, "id", ""));
  message.set_dimension(json::TextOr(rule, "dimension", ""));
  message.set_severity(json::TextOr(rule, "severity", ""));
  message.set_status(json::TextOr(rule, "status", ""));
  message.set_origin(json::TextOr(rule, "origin", ""));
  message.set_pass(Count(rule, "pass"));
  message.set_fail(Count(rule, "fail"));
  message.set_skip(Count(rule, "skip"));
  message.set_unresolved(Count(rule, "unresolved"));
  message.set_error(Count(rule, "error"));
  return message;
}

}  // namespace

v1::Judgement JudgementMessage(const json::Object& result, const json::Value& receipt) {
  const json::Value document(result);
  v1::Judgement message;
  message.set_decision(json::TextOr(document, "decision", ""));
  message.set_submission(json::TextOr(document, "submission", ""));
  if (const json::Value* records = json::Find(document, "records")) {
    message.set_total(Count(*records, "total"));
    message.set_accepted(Count(*records, "accepted"));
    message.set_quarantined(Count(*records, "quarantined"));
    message.set_unreadable(Count(*records, "unreadable"));
  }
  const json::Value* score = json::Find(document, "score");
  if (score != nullptr && score->is_number()) message.set_score(score->to_number<double>());
  message.set_grade(json::TextOr(document, "grade", ""));
  const json::Value* rules = json::Find(document, "rules");
  if (rules != nullptr && rules->is_array()) {
    for (const json::Value& rule : rules->get_array()) *message.add_rules() = RuleMessage(rule);
  }
  const json::Value* not_evaluated = json::Find(document, "couldNotEvaluate");
  message.set_could_not_evaluate(not_evaluated != nullptr && not_evaluated->is_bool() &&
                                 not_evaluated->get_bool());
  message.set_json(json::Compact(document));
  if (!receipt.is_null()) message.set_receipt_json(json::Compact(receipt));
  return message;
}

}  // namespace concordat::server
