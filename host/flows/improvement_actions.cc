#include "host/flows/improvement_actions.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/digest_text.h"
#include "host/flows/assessment_report.h"
#include "host/flows/assessment_steps.h"
#include "host/flows/group_agreement.h"
#include "host/flows/obligations.h"

namespace concordat::flows {
namespace {

using assess::Assurance;
using store::ImprovementAction;

constexpr absl::Duration kTimeToMend = absl::Hours(24 * 90);  // proposed; people say otherwise

absl::Status RequireOwn(const Caller& caller, const ImprovementAction& action, std::string_view what) {
  if (!caller.administrator && caller.partner != action.partner) {
    return absl::PermissionDeniedError(
        fmt::format("{}: {} is another partner's; you are {}", what, action.id, caller.spiffe_id));
  }
  return RequireRole(caller, action.partner, {"steward"}, what);
}

absl::StatusOr<absl::Time> DueFrom(const HostParts& host, const std::string& text) {
  const std::optional<int64_t> day = policy::ParseDay(text);
  if (!day) {
    return absl::InvalidArgumentError(
        text.empty() ? "say by when: --due 2027-03-31"
                     : fmt::format("--due: \"{}\" is no date; write it as 2027-03-31", text));
  }
  const absl::Time due = EndOfDay(*day);
  if (due >= host.clock->Now()) return due;
  return absl::InvalidArgumentError(fmt::format("--due {} has passed; name a date to come", text));
}

absl::StatusOr<json::Value> Shown(const HostParts& host, const std::string& id) {
  ASSIGN_OR_RETURN(const ImprovementAction action, host.store->GetAction(id));
  ASSIGN_OR_RETURN(const std::vector<store::ActionRevision> revisions, host.store->ActionRevisions(id));
  json::Object object = ActionJson(host, action);
  json::Array list;
  for (const store::ActionRevision& revision : revisions) {
    list.push_back(json::Object{{"by", revision.by},
                                {"at", TimeText(revision.at)},
                                {"reason", revision.reason},
                                {"before", revision.before},
                                {"after", revision.after}});
  }
  object["revisions"] = std::move(list);
  return object;
}

/// Puts a new text in place of an old one and remembers both.
struct Difference {
  json::Object before;
  json::Object after;

  void Set(const char* member, const std::string& next, std::string& text) {
    if (next.empty() || next == text) return;
    before[member] = text;
    after[member] = next;
    text = next;
  }
};

absl::StatusOr<json::Value> Change(const HostParts& host, const Caller& caller,
                                   const ImprovementAction& action, const std::string& reason,
                                   const Difference& difference) {
  RETURN_IF_ERROR(host.store->ChangeAction(
      action, {action.id, caller.spiffe_id, host.clock->Now(), reason, difference.before, difference.after}));
  RETURN_IF_ERROR(RefreshDocument(host, action.assessment));
  return Shown(host, action.id);
}

bool HasAction(const std::vector<ImprovementAction>& actions, const std::string& item) {
  return std::any_of(actions.begin(), actions.end(), [&](const ImprovementAction& action) {
    return action.item == item && action.state != "cancelled";
  });
}

// What is to be done, as a first wording; empty: nothing.
std::string TitleFor(const assess::ItemPosition& item) {
  const std::optional<int> standing = item.claim.standing();
  if (!item.asked || !standing) return "";
  switch (item.gap.assurance) {
    case Assurance::kOverstated:
      return fmt::format("Bring what is measured up to level {}, or lower the claim", *standing);
    case Assurance::kUnevidenced:
      return fmt::format("Find or make evidence for level {}", *standing);
    case Assurance::kStale:
      return "Renew the evidence that has expired";
    default:
      break;
  }
  if (!item.target || *standing >= *item.target) return "";
  return fmt::format("Rise from level {} to the target, level {}", *standing, *item.target);
}

/// Proposals for one assessment, an item once.
class Proposals {
 public:
  Proposals(const HostParts& host, const OpenedAssessment& opened, std::vector<ImprovementAction> actions)
      : opened_(opened), actions_(std::move(actions)), due_(DayJson(host.clock->Now() + kTimeToMend)) {}

  void Add(const std::string& item, const std::string& title, const std::string& why) {
    if (title.empty() || HasAction(actions_, item) || !seen_.insert(item).second) return;
    const ItemRecord& record = opened_.record.Of(item);
    list_.push_back(json::Object{{"item", item},
                                 {"question", opened_.form.FindItem(item)->question},
                                 {"why", why},
                                 {"title", title},
                                 {"owner", record.owner.empty() ? PersonOf(record.said.by) : record.owner},
                                 {"due", due_}});
  }
  json::Array Take() { return std::move(list_); }

 private:
  const OpenedAssessment& opened_;
  const std::vector<ImprovementAction> actions_;
  const json::Value due_;
  std::set<std::string> seen_;
  json::Array list_;
};

// Where all groups see red, and where they see the whole scale between them.
absl::Status AddStages(const HostParts& host, const Caller& caller, const OpenedAssessment& opened,
                       Proposals& proposals) {
  if (!opened.form.several_groups) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<GroupRound> round,
                   RoundOf(host, caller, opened.assessment.template_id, opened.assessment.cycle));
  if (!round) return absl::OkStatus();
  for (const assess::StageAgreement& stage : round->agreement.stages) {
    if (stage.agreed_red)
      proposals.Add(stage.item, "Agree who mends this stage, and how", "all groups rate this stage red");
    if (stage.contested)
      proposals.Add(stage.item, "Find out together why the groups see this stage so differently",
                    fmt::format("contested: the groups are {} levels apart", stage.distance));
  }
  return absl::OkStatus();
}

// In a round of several groups an action of any of them counts for the stage.
absl::StatusOr<std::vector<ImprovementAction>> ActionsFor(const HostParts& host,
                                                          const OpenedAssessment& opened) {
  if (!opened.form.several_groups) return opened.actions;
  ASSIGN_OR_RETURN(std::vector<ImprovementAction> all, host.store->ListActions({}));
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const ImprovementAction& action) {
                             return action.template_id != opened.assessment.template_id ||
                                    action.cycle != opened.assessment.cycle;
                           }),
            all.end());
  return all;
}

}  // namespace

absl::StatusOr<json::Value> ListActions(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& state,
                                        const std::string& partner) {
  store::ActionStore::ActionFilter filter;
  filter.assessment = assessment;
  filter.state = state;
  if (!caller.administrator) filter.partner = caller.partner;
  if (!partner.empty()) filter.partner = PartnerId(partner);
  if (!assessment.empty()) {
    ASSIGN_OR_RETURN(const store::Assessment found, host.store->GetAssessment(assessment));
    RETURN_IF_ERROR(RequireReader(caller, found));
    filter.partner.reset();
  } else if (!caller.administrator && filter.partner != caller.partner) {
    return absl::PermissionDeniedError(fmt::format(
        "{} sees its own actions; those of all are the administrator's to see", caller.partner.str()));
  }
  ASSIGN_OR_RETURN(const std::vector<ImprovementAction> actions, host.store->ListActions(filter));
  json::Array list;
  for (const ImprovementAction& action : actions) list.push_back(ActionJson(host, action));
  return list;
}

absl::StatusOr<json::Value> ProposeActions(const HostParts& host, const Caller& caller,
                                           const std::string& assessment) {
  ASSIGN_OR_RETURN(const store::Assessment found, host.store->GetAssessment(assessment));
  RETURN_IF_ERROR(RequireReader(caller, found));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, assessment));
  ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(host, opened));
  ASSIGN_OR_RETURN(std::vector<ImprovementAction> actions, ActionsFor(host, opened));
  Proposals proposals(host, opened, std::move(actions));
  for (const assess::ThemePosition& theme : position.themes) {
    for (const assess::ItemPosition& item : theme.items)
      proposals.Add(item.item->id, TitleFor(item), item.gap.message);
  }
  RETURN_IF_ERROR(AddStages(host, caller, opened, proposals));
  return json::Object{{"proposed", proposals.Take()}};
}

absl::StatusOr<json::Value> AddAction(const HostParts& host, const Caller& caller,
                                      const ActionRequest& request) {
  const AssessmentTurn turn(host, request.assessment);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(request.assessment));
  RETURN_IF_ERROR(RequireStaff(caller, assessment, {"steward"}, "add an action"));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, request.assessment));
  if (!request.item.empty()) RETURN_IF_ERROR(FindItem(opened, request.item).status());
  RETURN_IF_ERROR(RequireWords(request.title, "--title", "what is to be done"));
  RETURN_IF_ERROR(RequireWords(request.owner, "--owner", "who will do it"));
  if (!request.resource.empty()) RETURN_IF_ERROR(RequireWords(request.resource, "--resource", ""));
  ImprovementAction action;
  ASSIGN_OR_RETURN(action.due, DueFrom(host, request.due));
  action.id = NewRandomId("ACT-");
  action.assessment = assessment.id;
  action.partner = assessment.partner;
  action.template_id = assessment.template_id;
  action.cycle = assessment.cycle;
  action.item = request.item;
  action.title = request.title;
  action.owner = request.owner;
  action.resource = request.resource;
  action.state = "open";
  action.created_by = caller.spiffe_id;
  action.created = host.clock->Now();
  RETURN_IF_ERROR(host.store->AddAction(action));
  RETURN_IF_ERROR(RefreshDocument(host, assessment.id));
  return Shown(host, action.id);
}

absl::StatusOr<json::Value> ChangeAction(const HostParts& host, const Caller& caller,
                                         const ActionChange& change) {
  ASSIGN_OR_RETURN(const std::string assessment, [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const ImprovementAction known, host.store->GetAction(change.action));
    RETURN_IF_ERROR(RequireOwn(caller, known, "change " + change.action));
    return known.assessment;
  }());
  const AssessmentTurn turn(host, assessment);
  ASSIGN_OR_RETURN(ImprovementAction action, host.store->GetAction(change.action));
  RETURN_IF_ERROR(RequireWords(change.reason, "--reason", "why it changes"));
  Difference difference;
  for (const auto& [option, text] :
       {std::pair("--owner", &change.owner), {"--title", &change.title}, {"--resource", &change.resource}})
    if (!text->empty()) RETURN_IF_ERROR(RequireWords(*text, option, ""));
  difference.Set("owner", change.owner, action.owner);
  difference.Set("title", change.title, action.title);
  difference.Set("resource", change.resource, action.resource);
  if (!change.due.empty()) {
    std::string day = TimeText(action.due).substr(0, 10);
    ASSIGN_OR_RETURN(action.due, DueFrom(host, change.due));
    difference.Set("due", change.due, day);
  }
  if (difference.after.empty())
    return absl::InvalidArgumentError("nothing would change: name --owner, --due, --title or --resource");
  return Change(host, caller, action, change.reason, difference);
}

absl::StatusOr<json::Value> CloseAction(const HostParts& host, const Caller& caller, const std::string& id,
                                        const std::string& evidence, const std::string& digest, bool cancel) {
  ASSIGN_OR_RETURN(const ImprovementAction known, host.store->GetAction(id));
  RETURN_IF_ERROR(RequireOwn(caller, known, "close " + id));
  const AssessmentTurn turn(host, known.assessment);
  RETURN_IF_ERROR(
      RequireWords(evidence, cancel ? "--reason" : "--evidence",
                   cancel ? "why it will not be done" : "what was done, and where that can be seen"));
  if (!digest.empty() && !IsDigestText(digest)) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no digest of a file: \"sha256:\" and 64 digits", digest));
  }
  ASSIGN_OR_RETURN(ImprovementAction action, host.store->GetAction(id));
  Difference difference;
  difference.Set("state", cancel ? "cancelled" : "closed", action.state);
  action.closed_at = host.clock->Now();
  action.closed_by = caller.spiffe_id;
  action.evidence = evidence;
  action.evidence_digest = digest;
  return Change(host, caller, action, evidence, difference);
}

}  // namespace concordat::flows
