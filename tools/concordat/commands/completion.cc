// concordat completion: what a shell needs to complete commands and options; made from the commands
// themselves.
#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"

namespace concordat::cli {
namespace {

// "check --feed --period ..." a line a command, deepest path first in the script's case list.
void Collect(const CLI::App& app, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& words) {
  std::string list;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    list += verb->get_name() + " ";
    Collect(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), words);
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) list += "--" + name + " ";
  }
  words.emplace_back(path, list);
}

int Print(const CLI::App& app, const std::string& shell) {
  std::vector<std::pair<std::string, std::string>> words;
  Collect(app, "", words);
  std::string cases;
  std::string known;  // what a word may lead to: an id or a name between the verbs does not
  for (const auto& [path, list] : words) {
    cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, list);
    if (!path.empty()) known += fmt::format("{}\"{}\"", known.empty() ? "" : "|", path);
  }
  if (shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n");
  fmt::print(R"(_concordat() {{
  local path="" words="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{path:+$path }}$word" in {}) path="${{path:+$path }}$word" ;; esac
  done
  case "$path" in
{}    *) ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
  [ -n "$words" ] && [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o filenames -F _concordat concordat
)",
             known, cases);
  return kFine;
}

}  // namespace

void AddCompletion(CLI::App& app, Context& context) {
  auto shell = std::make_shared<std::string>();
  CLI::App* verb =
      AddVerb(app, context, "completion", "print completion for bash or zsh",
              "  source <(concordat completion bash)", [&app, shell] { return Print(app, *shell); });
  verb->add_option("SHELL", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
}

}  // namespace concordat::cli
