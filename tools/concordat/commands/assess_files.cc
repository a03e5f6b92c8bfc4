// concordat assess export, import: a file that a steward fills in at leisure.
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/base/source.h"
#include "host/base/utf8.h"
#include "host/base/windows1252.h"
#include "host/flows/output_file.h"
#include "tools/concordat/commands/assess.h"
#include "tools/concordat/render/assessment_csv.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"

namespace concordat::cli {
namespace {

absl::Status WriteOut(const std::string& path, const std::string& content) {
  ASSIGN_OR_RETURN(const auto out, flows::OutputFile::Create(path));
  out->Write(content);
  return out->Finish();
}

// By the option, else by the file's name, else YAML.
std::string FormatOf(const std::string& given, const std::string& path) {
  if (!given.empty()) return given;
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension == ".csv" ? "csv" : "yaml";
}

absl::StatusOr<json::Value> Exported(const Context& context, const AssessOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, options.name, Meant::kAny));
  return GetAssessment(connection, id);
}

int Export(const Context& context, const AssessOptions& options) {
  if (context.json && options.output == "-")
    return Fail(absl::InvalidArgumentError(
        "with --json the file goes to -o FILE: standard output holds the JSON document"));
  const absl::StatusOr<json::Value> document = Exported(context, options);
  if (!document.ok()) return Fail(document.status());
  const bool csv = FormatOf(options.format, options.output) == "csv";
  const absl::Status written = WriteOut(options.output, csv ? AnswersCsv(*document) : AnswersYaml(*document));
  if (!written.ok()) return Fail(written);
  if (context.json) PrintJson(*document);
  if (!context.json && !context.quiet && options.output != "-") {
    fmt::print("{}: fill it in, then concordat assess import {} {} --dry-run\n", options.output,
               Words(*document, "id"), options.output);
  }
  return kFine;
}

// The issues as `policy lint` prints them, over the text that was sent.
void PrintIssues(const json::Value& answer, const std::shared_ptr<const SourceText>& source) {
  for (const json::Value& found : ItemsOf(answer, "issues")) {
    Issue issue;
    issue.severity = json::TextOr(found, "severity", "error") == "warning" ? IssueSeverity::kWarning
                                                                           : IssueSeverity::kError;
    issue.place.source = source;
    issue.place.line = static_cast<int>(CountOf(found, "line"));
    issue.place.column = static_cast<int>(CountOf(found, "column"));
    issue.code = Words(found, "code");
    issue.message = Words(found, "message");
    issue.hint = Words(found, "hint");
    fmt::print("{}\n", RenderIssue(issue));
  }
}

bool HasErrors(const json::Value& answer) {
  const json::Array& issues = ItemsOf(answer, "issues");
  return std::any_of(issues.begin(), issues.end(), [](const json::Value& issue) {
    return json::TextOr(issue, "severity", "error") != "warning";
  });
}

absl::StatusOr<std::string> TextOfFile(const std::string& path) {
  ASSIGN_OR_RETURN(const SourceFile file, OpenSource(path));
  constexpr uint64_t kLargest = 4 << 20;
  if (file.bytes > kLargest)
    return absl::InvalidArgumentError(
        fmt::format("{}: {} bytes; a file of answers has at most {}", file.name, file.bytes, kLargest));
  std::string text(file.bytes, '\0');
  for (size_t done = 0; done < text.size();) {
    const ssize_t count =
        pread(file.fd.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (count <= 0) return absl::UnavailableError("read " + file.name);
    done += static_cast<size_t>(count);
  }
  return text;
}

absl::StatusOr<json::Value> Imported(const Context& context, const AssessOptions& options,
                                     const std::string& path, const std::string& given,
                                     const std::string& text) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::ImportAnswersRequest request;
  ASSIGN_OR_RETURN(const std::string id, PickAssessment(connection, given, Meant::kOpen));
  request.set_assessment(id);
  request.set_name(path);
  request.set_format(FormatOf(options.format, path));
  // Spreadsheets save plain "CSV" in it; what it is not shows in the comments, which the steward reads again.
  const bool plain = IsUtf8(text);
  if (!plain && request.format() != "csv")
    return absl::InvalidArgumentError(fmt::format("{} is not UTF-8; save it as UTF-8", path));
  request.set_text(plain ? text : Windows1252ToUtf8(text));
  request.set_dry_run(options.dry_run);
  return AskAssess(connection, &AssessStub::ImportAnswers, request);
}

int Import(const Context& context, const AssessOptions& options) {
  std::vector<std::string> words = options.words;
  const std::string given = TakeAssessment(words);
  if (words.size() != 1)
    return Fail(absl::InvalidArgumentError("an import is: concordat assess import [ID] FILE"));
  const absl::StatusOr<std::string> text = TextOfFile(words.front());
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<json::Value> answer = Imported(context, options, words.front(), given, *text);
  if (!answer.ok()) return Fail(answer.status());
  const bool wrong = HasErrors(*answer);
  if (context.json) {
    PrintJson(*answer);
    return wrong ? kNo : kFine;
  }
  auto source = std::make_shared<SourceText>();
  source->name = words.front();
  source->text = IsUtf8(*text) ? *text : Windows1252ToUtf8(*text);
  PrintIssues(*answer, source);
  const size_t changed = ItemsOf(*answer, "changed").size();
  const size_t more = CountOf(*answer, "moreIssues");
  const size_t count = ItemsOf(*answer, "issues").size() + more;
  if (more > 0) fmt::print("... and {} like these\n", Counted(more, "more issue"));
  if (wrong) {
    fmt::print("{}, nothing was imported\n", Paint(Colour::kBad, Counted(count, "issue")));
  } else if (!context.quiet) {
    fmt::print("{} {}\n", Counted(changed, "item"),
               options.dry_run ? "would change; without --dry-run they do" : "changed");
  }
  return wrong ? kNo : kFine;
}

}  // namespace

void AddAssessFiles(CLI::App& noun, Context& context) {
  auto options = std::make_shared<AssessOptions>();
  CLI::App* exported =
      AddVerb(noun, context, "export", "a file to fill in: questions, guidance, what was measured",
              "  concordat assess export -o answers.yaml\n"
              "  concordat assess export A-0123456789abcdef --format csv -o answers.csv",
              [&context, options] { return Export(context, *options); });
  exported->add_option("ID", options->name, "assessment id; your only open one when left out");
  exported->add_option("--format", options->format, "yaml or csv; by the file's name when left out")
      ->check(CLI::IsMember({"yaml", "csv"}));
  exported->add_option("-o,--output", options->output, "the file; - is standard output")
      ->capture_default_str();
  CLI::App* import = AddVerb(noun, context, "import",
                             "answers from a file: all of it, or nothing and every mistake with its place",
                             "  concordat assess import answers.yaml --dry-run\n"
                             "  concordat assess import A-0123456789abcdef answers.csv",
                             [&context, options] { return Import(context, *options); });
  import
      ->add_option("[ID] FILE", options->words,
                   "assessment id (your only open one when left out) and the file; - is standard input")
      ->expected(1, 2)
      ->required();
  import->add_option("--format", options->format, "yaml or csv; by the file's name when left out")
      ->check(CLI::IsMember({"yaml", "csv"}));
  import->add_flag("--dry-run", options->dry_run, "only judge it");
}

}  // namespace concordat::cli
