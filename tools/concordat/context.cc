#include "tools/concordat/context.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "fmt/format.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

// The program prints one document at most, so that this is the program's own state.
struct Answer {
  bool json_asked = false;
  bool printed = false;
};
Answer answer;

std::filesystem::path ProgramFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

CLI::App* AddVerb(CLI::App& parent, Context& context, const std::string& name, const std::string& description,
                  const std::string& examples, std::function<int()> action) {
  CLI::App* verb = parent.add_subcommand(name, description);
  if (!examples.empty())
    verb->footer("Examples:\n" + examples + "\nOptions that stand anywhere: concordat --help");
  verb->callback([&context, action = std::move(action)] { context.action = action; });
  return verb;
}

void AnswerFailuresInJson(bool json) { answer.json_asked = json; }

int Fail(const absl::Status& status) {
  const std::string_view message = MessageOf(status);
  fmt::print(stderr, "concordat: {}{}", HarmlessPage(message),
             !message.empty() && message.back() == '\n' ? "" : "\n");
  const int code = ExitCodeOf(status);
  if (answer.json_asked && !answer.printed)
    PrintJson(json::Object{{"error", std::string(message)}, {"exitCode", code}});
  return code;
}

void PrintJson(const json::Value& value) {
  answer.printed = true;
  const std::string text = json::Pretty(value);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string WorkerPath() {
  const char* given = std::getenv("CONCORDAT_WORKER");
  return given != nullptr ? given : (ProgramFolder() / "concordat-worker").string();
}

std::string OwnAdapterFolder() { return (ProgramFolder().parent_path() / "adapters").string(); }

std::vector<std::string> AdapterFolders(const Context& context) {
  std::vector<std::string> folders;
  if (context.adapters.empty()) {
    folders.push_back(OwnAdapterFolder());
    // Below ./data as below ./policies: where a host that runs here keeps what was installed.
    if (access("data/adapters", R_OK | X_OK) == 0) folders.push_back("data/adapters");
    return folders;
  }
  for (size_t at = 0; at <= context.adapters.size();) {
    const size_t end = std::min(context.adapters.find(':', at), context.adapters.size());
    if (end > at) folders.push_back(context.adapters.substr(at, end - at));
    at = end + 1;
  }
  return folders;
}

std::string AdapterFolderNames(const Context& context) {
  std::string names;
  for (const std::string& folder : AdapterFolders(context)) names += (names.empty() ? "" : " and ") + folder;
  return names;
}

}  // namespace concordat::cli
