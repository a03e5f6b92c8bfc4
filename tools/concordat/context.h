// What all commands share: the options that may stand anywhere, and the action that parsing chose.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "host/base/json.h"
#include "host/base/status.h"
#include "tools/concordat/exit_code.h"

namespace concordat::cli {

/// Filled by the parser before `action` runs.
struct Context {
  bool json = false;
  bool quiet = false;
  std::string policies = "./policies";
  std::string adapters;  // empty: beside the program
  std::string host;      // "name:port" or "unix:/path"; empty: offline
  std::string ca;
  std::string cert;
  std::string key;
  std::string profile;
  std::function<int()> action;

  bool connected() const { return !host.empty() || !profile.empty(); }
};

/// One visible list of nouns stands in main.cc; each adds its verbs to `app`.
using AddCommand = void (*)(CLI::App& app, Context& context);

/// Adds a verb with its one-line description and examples, and what it does when chosen.
CLI::App* AddVerb(CLI::App& parent, Context& context, const std::string& name, const std::string& description,
                  const std::string& examples, std::function<int()> action);

/// With true, Fail prints {error, exitCode} on standard output too, unless a document stands there already.
void AnswerFailuresInJson(bool json);
/// Prints the error for people and gives its exit code.
int Fail(const absl::Status& status);
/// One JSON document on standard output.
void PrintJson(const json::Value& value);

/// Where the program's companions stand: concordat-worker beside it, adapters in ../adapters.
std::string WorkerPath();
std::string OwnAdapterFolder();
/// Those of --adapters, which has : between them; without it the program's own and, where there is one,
/// ./data/adapters, so that feeds over adapters that were installed on a running host can be read offline.
std::vector<std::string> AdapterFolders(const Context& context);
/// For messages.
std::string AdapterFolderNames(const Context& context);

}  // namespace concordat::cli
