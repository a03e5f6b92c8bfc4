// concordat assess answer, evidence, comment, assign: one thing at a time, for scripts and for those who know
// what they want.
#include <charconv>
#include <map>

#include "fmt/format.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/text_width.h"
#include "tools/concordat/walk/walk_desk.h"

namespace concordat::cli {
namespace {

using Request = absl::StatusOr<json::Value>;

// The assessment that the words begin with, or the only open one; the words that are left.
struct Target {
  Connection connection;
  std::string id;
  std::vector<std::string> rest;
};

absl::StatusOr<Target> TargetOf(const Context& context, const AssessOptions& options) {
  Target target;
  target.rest = options.words;
  const std::string given = TakeAssessment(target.rest);
  ASSIGN_OR_RETURN(target.connection, Connect(context));
  ASSIGN_OR_RETURN(target.id, PickAssessment(target.connection, given, Meant::kOpen));
  return target;
}

absl::StatusOr<std::string> OneItem(const Target& target, std::string_view verb) {
  if (target.rest.size() == 1) return target.rest.front();
  return absl::InvalidArgumentError(
      target.rest.empty()
          ? fmt::format(
                "which item? concordat assess {} [ID] ITEM; `concordat assess show {} --items` lists them",
                verb, target.id)
          : fmt::format("one item at a time: \"{}\" and \"{}\" were given; an assessment's id begins with A-",
                        target.rest[0], target.rest[1]));
}

// A name needs the scale of the assessment; a number goes as it is and the host judges it.
absl::StatusOr<int> LevelMeant(const Target& target, const std::string& words) {
  int level = 0;
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), level);
  if (error == std::errc() && end == words.data() + words.size()) return level;
  ASSIGN_OR_RETURN(const json::Value document, GetAssessment(target.connection, target.id));
  return ShownScale(document).Meant(words);
}

Request AnswerRequest(const Context& context, const AssessOptions& options, std::string& item) {
  if (options.level.empty() && !options.confirm && !options.take_back)
    return absl::InvalidArgumentError("an answer needs --level N (or its name), --confirm or --withdraw");
  ASSIGN_OR_RETURN(const Target target, TargetOf(context, options));
  ASSIGN_OR_RETURN(item, OneItem(target, "answer"));
  v1::AnswerItemRequest request;
  request.set_assessment(target.id);
  request.set_item(item);
  request.set_comment(options.comment);
  request.set_confirm(options.confirm);
  request.set_withdraw(options.take_back);
  if (!options.level.empty()) {
    ASSIGN_OR_RETURN(const int level, LevelMeant(target, options.level));
    request.set_level(level);
  }
  return AskAssess(target.connection, &AssessStub::AnswerItem, request);
}

int Answer(const Context& context, const AssessOptions& options) {
  std::string item;
  const Request answer = AnswerRequest(context, options, item);
  return ShowAnswer(context, answer,
                    [&](const json::Value& document) { return AnsweredText(document, item, TextWidth()); });
}

absl::Status FillEvidence(const AssessOptions& options, v1::AddEvidenceRequest& request) {
  request.set_title(options.title);
  request.set_expires(options.expires);
  request.set_reference(options.reference);
  if (!options.document.empty()) {
    ASSIGN_OR_RETURN(const SourceFile file, OpenSource(options.document));
    ASSIGN_OR_RETURN(const std::string digest, DigestOfFile(file));
    request.set_kind("document");
    request.set_digest(digest);
    if (options.reference.empty()) request.set_reference(file.name);
    if (options.title.empty()) request.set_title(file.name);
  } else if (!options.attest.empty()) {
    request.set_kind("attestation");
    request.set_reference(options.attest);
    if (options.title.empty()) request.set_title(AttestationTitle(options.attest));
  } else {
    request.set_kind("link");
    request.set_reference(options.link);
    if (options.title.empty()) request.set_title(options.link);
  }
  return absl::OkStatus();
}

Request WithdrawRequest(const Target& target, const AssessOptions& options) {
  if (options.reason.empty())
    return absl::InvalidArgumentError("withdrawing evidence needs --reason TEXT; it stays in the history");
  v1::WithdrawEvidenceRequest request;
  request.set_assessment(target.id);
  request.set_evidence(options.withdraw);
  request.set_reason(options.reason);
  return AskAssess(target.connection, &AssessStub::WithdrawEvidence, request);
}

Request EvidenceRequest(const Context& context, const AssessOptions& options, std::string& item) {
  const int kinds =
      !options.document.empty() + !options.attest.empty() + !options.link.empty() + !options.withdraw.empty();
  if (kinds != 1)
    return absl::InvalidArgumentError(
        "evidence is one of --document FILE, --attest TEXT, --link URL; or --withdraw E-... --reason TEXT");
  ASSIGN_OR_RETURN(const Target target, TargetOf(context, options));
  if (!options.withdraw.empty()) return WithdrawRequest(target, options);
  ASSIGN_OR_RETURN(item, OneItem(target, "evidence"));
  v1::AddEvidenceRequest request;
  request.set_assessment(target.id);
  request.set_item(item);
  RETURN_IF_ERROR(FillEvidence(options, request));
  return AskAssess(target.connection, &AssessStub::AddEvidence, request);
}

int Evidence(const Context& context, const AssessOptions& options) {
  std::string item;
  const Request answer = EvidenceRequest(context, options, item);
  return ShowAnswer(context, answer,
                    [&](const json::Value& document) { return AnsweredText(document, item, TextWidth()); });
}

Request CommentRequest(const Context& context, const AssessOptions& options, std::string& item) {
  Target target;
  ASSIGN_OR_RETURN(target, TargetOf(context, options));
  // The last word is the comment itself; an item may stand before it.
  if (target.rest.empty() || target.rest.size() > 2)
    return absl::InvalidArgumentError("a comment is: concordat assess comment [ID] [ITEM] \"TEXT\"");
  v1::CommentItemRequest request;
  request.set_assessment(target.id);
  request.set_text(target.rest.back());
  if (target.rest.size() == 2) item = target.rest.front();
  request.set_item(item);
  return AskAssess(target.connection, &AssessStub::CommentItem, request);
}

int Comment(const Context& context, const AssessOptions& options) {
  std::string item;
  const Request answer = CommentRequest(context, options, item);
  return ShowAnswer(context, answer,
                    [&](const json::Value& document) { return AnsweredText(document, item, TextWidth()); });
}

Request AssignRequest(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(context, options));
  if (target.rest.empty())
    return absl::InvalidArgumentError(
        "which items or themes? concordat assess assign [ID] ITEM|THEME... --to NAME");
  v1::AssignItemsRequest request;
  request.set_assessment(target.id);
  request.set_owner(options.owner);
  for (const std::string& item : target.rest) request.add_items(item);
  return AskAssess(target.connection, &AssessStub::AssignItems, request);
}

std::string OwnersText(const json::Value& document) {
  std::map<std::string, std::string> items;
  for (const json::Value& theme : ItemsOf(document, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) {
      if (!IsAsked(item)) continue;
      std::string& list = items[Words(item, "owner")];
      list += (list.empty() ? "" : ", ") + Words(item, "id");
    }
  }
  std::string text;
  for (const auto& [owner, list] : items)
    text += fmt::format("{}\n", owner.empty() ? "nobody" : PersonOf(owner)) + Indented(list, 4, TextWidth());
  return text;
}

}  // namespace

void AddAssessAnswers(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  const std::string words = "assessment id (your only open one when left out) and item";
  CLI::App* answer =
      AddVerb(noun, context, "answer", "claim a level for one item",
              "  concordat assess answer right_first_time --level 3 --comment \"spot checks\"\n"
              "  concordat assess answer A-0123456789abcdef right_first_time --level \"above minimum\"\n"
              "  concordat assess answer right_first_time --confirm",
              [&context, options] { return Answer(context, *options); });
  answer->add_option("[ID] ITEM", options->words, words)->expected(1, 2)->required();
  answer->add_option("--level", options->level, "a level of the template's scale, by number or name");
  answer->add_option("--comment", options->comment, "why");
  answer->add_flag("--confirm", options->confirm, "last cycle's answer still holds");
  answer->add_flag("--withdraw", options->take_back,
                   "no answer any more; the earlier ones stay in the history");
  CLI::App* evidence = AddVerb(
      noun, context, "evidence", "attach what shows that a claim is true; a document itself stays with you",
      "  concordat assess evidence named_lead --document job-description.pdf --expires 2027-12-31\n"
      "  concordat assess evidence named_lead --attest \"seen by internal audit in May\"\n"
      "  concordat assess evidence policy_in_use --link https://intranet.example/policy\n"
      "  concordat assess evidence --withdraw E-01234567 --reason \"the wrong file\"",
      [&context, options] { return Evidence(context, *options); });
  evidence->add_option("[ID] ITEM", options->words, words)->expected(0, 2);
  evidence->add_option("--document", options->document, "a file; only its SHA-256 and its name are sent");
  evidence->add_option("--attest", options->attest, "your word for it");
  evidence->add_option("--link", options->link, "where it can be seen");
  evidence->add_option("--title", options->title, "what it is called; the file's name when left out");
  evidence->add_option("--reference", options->reference,
                       "where a document is kept; the file's name when left out");
  evidence->add_option("--expires", options->expires, "2027-03-31; as the template says when left out");
  evidence->add_option("--withdraw", options->withdraw, "E-... of evidence that does not stand any more");
  evidence->add_option("--reason", options->reason, "why it is withdrawn");
  CLI::App* comment = AddVerb(noun, context, "comment", "a remark on an item, or on the whole",
                              "  concordat assess comment right_first_time \"ask IT for the March figures\"\n"
                              "  concordat assess comment \"waiting for the audit report\"",
                              [&context, options] { return Comment(context, *options); });
  comment->add_option("[ID] [ITEM] TEXT", options->words, "assessment id, item, the remark")
      ->expected(1, 3)
      ->required();
  CLI::App* assign = AddVerb(
      noun, context, "assign", "who answers which items",
      "  concordat assess assign systems people --to sam\n  concordat assess assign right_first_time --to "
      "\"\"",
      [&context, options] { return ShowAnswer(context, AssignRequest(context, *options), OwnersText); });
  assign->add_option("[ID] ITEM|THEME", options->words, "assessment id, then items or themes")
      ->expected(1, 1000)
      ->required();
  assign->add_option("--to", options->owner, "a person's name; \"\" for nobody")->required();
}

}  // namespace concordat::cli
