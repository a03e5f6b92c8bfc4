// What the verbs of `concordat assess` share: the connection, which assessment is meant, how answers are
// printed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "concordat/v1/assessment.grpc.pb.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

using AssessStub = v1::AssessmentService::Stub;

template <typename Request>
absl::StatusOr<json::Value> AskAssess(const Connection& connection,
                                      grpc::Status (AssessStub::*method)(grpc::ClientContext*, const Request&,
                                                                         v1::AssessmentJson*),
                                      const Request& request) {
  const auto stub = v1::AssessmentService::NewStub(connection.channel);
  return CallJson<AssessStub, Request, v1::AssessmentJson>(connection, *stub, method, request);
}

template <typename Request>
absl::StatusOr<json::Value> AskAssess(const Context& context,
                                      grpc::Status (AssessStub::*method)(grpc::ClientContext*, const Request&,
                                                                         v1::AssessmentJson*),
                                      const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  return AskAssess(connection, method, request);
}

/// Which assessments may be meant when no id is given.
enum class Meant {
  kOpen,       // the caller's partner's, open
  kSubmitted,  // the caller's partner's, handed in and not signed off
  kSigned,     // any partner's but the caller's, signed off
  kFinished,   // any partner's, signed off or moderated
  kAny,        // the caller's partner's; an open one before the others
};

/// The id meant by `given`: an id, the beginning of one, or empty for the only candidate, which is then named
/// on standard error. InvalidArgument lists the candidates when there are several, NotFound all when `given`
/// is none of them.
absl::StatusOr<std::string> PickAssessment(const Connection& connection, const std::string& given,
                                           Meant meant);

/// True for an assessment of the caller's own partner, as a row of the list; for the administrator of any.
bool IsOwn(const Connection& connection, const json::Value& row);

/// "A-..." or the beginning of one: no item, theme or template is written so.
bool LooksLikeAssessment(std::string_view word);
/// Takes the assessment's id from the front of the words when there is one.
std::string TakeAssessment(std::vector<std::string>& words);

/// Asks for one assessment.
absl::StatusOr<json::Value> GetAssessment(const Connection& connection, const std::string& id);

/// Columns for text: the terminal's, at most 110; 100 when standard output is none.
size_t TextWidth();

/// Prints the answer as a document or by `text`, and gives the exit code.
template <typename Text>
int ShowAnswer(const Context& context, const absl::StatusOr<json::Value>& answer, Text text) {
  if (!answer.ok()) return Fail(answer.status());
  if (context.json) {
    PrintJson(*answer);
  } else if (!context.quiet) {
    const std::string shown = text(*answer);
    std::fwrite(shown.data(), 1, shown.size(), stdout);
  }
  return kFine;
}

/// The words after a verb, and its options; a verb reads those it declares.
struct AssessOptions {
  std::vector<std::string> words;  // [ID] ITEM ...
  std::string level;
  std::string comment;
  std::string reason;
  std::string summary;
  std::string cycle;
  std::string group;
  std::string title;
  std::string reference;
  std::string expires;
  std::string document;
  std::string attest;
  std::string link;
  std::string withdraw;
  std::string owner;
  std::string due;
  std::string opens;
  std::string subject;
  std::string resource;
  std::string evidence;
  std::string file;
  std::string html;
  std::string csv;
  std::string format;
  std::string output = "-";
  std::string state;
  std::string partner;
  std::string mine;
  std::string item;
  std::string name;
  std::vector<std::string> partners;
  std::vector<std::string> cycles;
  std::vector<std::string> groups;
  bool all = false;
  bool confirm = false;
  bool take_back = false;
  bool finish = false;
  bool fresh = false;
  bool no_walk = false;
  bool dry_run = false;
  bool items = false;
};

/// Each adds some verbs to the noun.
void AddAssessViews(CLI::App& noun, Context& context);
void AddAssessAnswers(CLI::App& noun, Context& context);
void AddAssessFiles(CLI::App& noun, Context& context);
void AddAssessSteps(CLI::App& noun, Context& context);
void AddAssessActions(CLI::App& noun, Context& context);
void AddAssessReports(CLI::App& noun, Context& context);
void AddAssessWalk(CLI::App& noun, Context& context);

}  // namespace concordat::cli
