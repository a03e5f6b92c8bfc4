// concordat profile: how a file is read.
#include "host/flows/profile.h"

#include "fmt/format.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"

namespace concordat::cli {
namespace {

absl::StatusOr<json::Object> Profile(const Context& context, const std::string& path,
                                     const std::vector<std::string>& options) {
  const adapters::Catalog catalog = OpenCatalog(context);
  ASSIGN_OR_RETURN(const SourceFile source, OpenSource(path));
  flows::ProfileRequest request;
  request.manifest = catalog.Find("delimited");
  if (request.manifest == nullptr)
    return absl::UnavailableError("the adapter \"delimited\" is not installed in " + AdapterFolder(context));
  request.worker = WorkerPath();
  request.source = {source.fd.get(), source.name, source.bytes, ""};
  for (const std::string& option : options) {
    const size_t equals = option.find('=');
    if (equals == std::string::npos)
      return absl::InvalidArgumentError("--option takes NAME=VALUE, not " + option);
    request.options.emplace_back(option.substr(0, equals), option.substr(equals + 1));
  }
  return flows::ProfileSource(request);
}

void PrintText(const json::Value& profile) {
  fmt::print("{}: {} records, {} blank rows, {} unreadable\n", json::TextOr(profile, "name", ""),
             CountOf(profile, "records"), CountOf(profile, "blank"), CountOf(profile, "unreadable"));
  const std::string delimiter = json::TextOr(profile, "delimiter", "");
  fmt::print("encoding {}, delimiter {}, header on line {}\n", json::TextOr(profile, "encoding", "-"),
             delimiter == "\t" ? "tab" : delimiter, CountOf(profile, "headerLine"));
  size_t number = 0;
  for (const json::Value& column : ItemsOf(profile, "columns"))
    fmt::print("  {:>3}  {}\n", ++number, TextOf(column));
  for (const json::Value& note : ItemsOf(profile, "notes")) fmt::print("note: {}\n", TextOf(note));
}

int Run(const Context& context, const std::string& path, const std::vector<std::string>& options) {
  const absl::StatusOr<json::Object> profile = Profile(context, path, options);
  // A file that cannot be read as a whole is no mistake in the command: exit code 2.
  if (absl::IsInvalidArgument(profile.status()))
    return Fail(absl::UnavailableError(std::string(MessageOf(profile.status()))));
  if (!profile.ok()) return Fail(profile.status());
  if (context.json) {
    PrintJson(*profile);
  } else {
    PrintText(*profile);
  }
  return kFine;
}

}  // namespace

void AddProfile(CLI::App& app, Context& context) {
  auto path = std::make_shared<std::string>();
  auto options = std::make_shared<std::vector<std::string>>();
  CLI::App* verb =
      AddVerb(app, context, "profile", "how a file is read: records, encoding, delimiter, header, columns",
              "  concordat profile extract.csv\n  concordat profile extract.csv --option header=none --json",
              [&context, path, options] { return Run(context, *path, *options); });
  verb->add_option("FILE", *path, "the file; - for standard input")->required();
  verb->add_option("--option", *options, "NAME=VALUE for the adapter (see concordat adapter list)");
}

}  // namespace concordat::cli
