// concordat assess: self-assessment beside what the host measured.
#include "tools/concordat/commands/assess.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/identity/certificate.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

constexpr size_t kWidthWithoutTerminal = 100;
constexpr size_t kWidest = 110;

// Empty on the UNIX socket and for the administrator, who belongs to no partner.
std::string OwnPartner(const Connection& connection) {
  if (connection.cert_pem.empty()) return "";
  const auto certificate = identity::ReadCertificate(connection.cert_pem);
  if (!certificate.ok()) return "";
  const auto holder = identity::HolderOf(*certificate);
  return holder.ok() && !holder->administrator() ? holder->partner.str() : "";
}

std::string LineOf(const json::Value& row) {
  std::string line = fmt::format("{}  {} {}, {}", Words(row, "id"), Words(row, "template"),
                                 Words(row, "cycle"), Words(row, "partner"));
  if (const std::string group = Words(row, "group"); !group.empty()) line += ", group " + group;
  return line + ", " + StateWords(Words(row, "state"));
}

std::string Lines(const std::vector<const json::Value*>& rows) {
  std::string text;
  for (const json::Value* row : rows) text += "\n  " + LineOf(*row);
  return text;
}

bool Fits(const json::Value& row, Meant meant, const std::string& own) {
  const std::string state = json::TextOr(row, "state", "");
  const bool is_own = own.empty() || json::TextOr(row, "partner", "") == own;
  switch (meant) {
    case Meant::kOpen:
      return is_own && state == "open";
    case Meant::kSubmitted:
      return is_own && state == "submitted";
    case Meant::kSigned:
      return (own.empty() || !is_own) && state == "signed_off";
    case Meant::kFinished:
      return state == "signed_off" || state == "moderated";
    case Meant::kAny:
      return is_own;
  }
  return false;
}

std::string_view WordOf(Meant meant) {
  switch (meant) {
    case Meant::kOpen:
      return "open ";
    case Meant::kSubmitted:
      return "submitted ";
    case Meant::kSigned:
      return "signed-off ";
    case Meant::kFinished:
      return "signed-off or moderated ";
    case Meant::kAny:
      return "";
  }
  return "";
}

std::vector<const json::Value*> Fitting(const json::Value& list, Meant meant, const std::string& own) {
  std::vector<const json::Value*> rows;
  if (!list.is_array()) return rows;
  for (const json::Value& row : list.get_array()) {
    if (Fits(row, meant, own)) rows.push_back(&row);
  }
  if (meant != Meant::kAny || rows.size() < 2) return rows;
  std::vector<const json::Value*> open;
  for (const json::Value* row : rows) {
    if (json::TextOr(*row, "state", "") == "open") open.push_back(row);
  }
  return open.size() == 1 ? open : rows;
}

absl::StatusOr<std::string> OnlyOf(const std::vector<const json::Value*>& rows, Meant meant) {
  if (rows.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("which assessment? There is no {}one{}", WordOf(meant),
                    meant == Meant::kOpen || meant == Meant::kAny
                        ? " of your partner; begin one: concordat assess start TEMPLATE"
                        : " that you may see; concordat assess show lists all"));
  }
  if (rows.size() > 1)
    return absl::InvalidArgumentError(
        fmt::format("which assessment? There are {} {}assessments; give the id of one:{}", rows.size(),
                    WordOf(meant), Lines(rows)));
  fmt::print(stderr, "concordat: taking {}\n", LineOf(*rows.front()));
  return json::TextOr(*rows.front(), "id", "");
}

absl::StatusOr<std::string> ByBeginning(const json::Value& list, const std::string& given) {
  std::vector<const json::Value*> all;
  std::vector<const json::Value*> rows;
  if (list.is_array()) {
    for (const json::Value& row : list.get_array()) {
      const std::string id = json::TextOr(row, "id", "");
      if (id == given) return id;
      all.push_back(&row);
      if (id.starts_with(given)) rows.push_back(&row);
    }
  }
  if (rows.size() == 1) return json::TextOr(*rows.front(), "id", "");
  if (rows.size() > 1)
    return absl::InvalidArgumentError(fmt::format("\"{}\" may be {} assessments; write more of the id:{}",
                                                  Harmless(given), rows.size(), Lines(rows)));
  return absl::NotFoundError(
      all.empty()
          ? fmt::format(
                "there is no assessment \"{}\" that you may see; begin one: concordat assess start TEMPLATE",
                Harmless(given))
          : fmt::format("there is no assessment \"{}\" that you may see; there are:{}", Harmless(given),
                        Lines(all)));
}

}  // namespace

bool IsOwn(const Connection& connection, const json::Value& row) {
  const std::string own = OwnPartner(connection);
  return own.empty() || json::TextOr(row, "partner", "") == own;
}

bool LooksLikeAssessment(std::string_view word) { return word.starts_with("A-"); }

std::string TakeAssessment(std::vector<std::string>& words) {
  if (words.empty() || !LooksLikeAssessment(words.front())) return "";
  std::string id = std::move(words.front());
  words.erase(words.begin());
  return id;
}

absl::StatusOr<std::string> PickAssessment(const Connection& connection, const std::string& given,
                                           Meant meant) {
  ASSIGN_OR_RETURN(const json::Value list, GetAssessment(connection, ""));
  return given.empty() ? OnlyOf(Fitting(list, meant, OwnPartner(connection)), meant)
                       : ByBeginning(list, given);
}

absl::StatusOr<json::Value> GetAssessment(const Connection& connection, const std::string& id) {
  v1::GetAssessmentRequest request;
  request.set_assessment(id);
  return AskAssess(connection, &AssessStub::GetAssessment, request);
}

size_t TextWidth() {
  const size_t columns = TerminalColumns();
  return columns == 0 ? kWidthWithoutTerminal : std::min(columns, kWidest);
}

void AddAssess(CLI::App& app, Context& context) {
  CLI::App* noun = app.add_subcommand("assess", "self-assessment, each claim beside its evidence");
  noun->require_subcommand(1);
  AddAssessViews(*noun, context);
  AddAssessWalk(*noun, context);
  AddAssessAnswers(*noun, context);
  AddAssessFiles(*noun, context);
  AddAssessSteps(*noun, context);
  AddAssessActions(*noun, context);
  AddAssessReports(*noun, context);
}

}  // namespace concordat::cli
