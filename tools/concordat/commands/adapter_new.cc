// concordat adapter new: the folder of a new adapter, from a partner's file where there is one.
#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/files.h"
#include "host/flows/profile.h"
#include "host/mapping/propose.h"
#include "tools/concordat/commands/adapter.h"
#include "tools/concordat/commands/adapter_templates.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/source_file.h"

namespace concordat::cli {
namespace {

namespace fs = std::filesystem;

struct NewOptions {
  std::string name;
  std::string from;
  std::string dataset;
  std::string partner;
  std::string folder;
};

constexpr size_t kExamples = 3;

bool IsName(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), fits);
}

// Datasets have underscores, files and feeds hyphens: both are meant.
std::string DatasetName(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string WithHyphens(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

absl::StatusOr<flows::SourceProfile> ProfileOf(const Context& context, const std::string& path,
                                               std::string& name) {
  const adapters::Catalog catalog = OpenCatalog(context);
  ASSIGN_OR_RETURN(const SourceFile source, OpenSource(path));
  flows::ProfileRequest request;
  request.manifest = catalog.Find("delimited");
  if (request.manifest == nullptr)
    return absl::UnavailableError("the adapter \"delimited\", which looks at the file, is not installed in " +
                                  AdapterFolderNames(context));
  request.worker = WorkerPath();
  request.source = {source.fd.get(), source.name, source.bytes, ""};
  name = source.name;
  absl::StatusOr<flows::SourceProfile> profile = flows::ProfileSource(request);
  if (profile.ok() || !absl::IsInvalidArgument(profile.status())) return profile;
  return absl::UnavailableError(
      fmt::format("{} cannot be read as a table, so no layout can be proposed: {}; leave --from out and "
                  "begin with the adapter's own reader",
                  path, MessageOf(profile.status())));
}

std::string DateLike(std::string format, size_t index) {
  for (const auto& [token, value] : {std::pair<std::string, std::string>{"yyyy", "2026"},
                                     {"yy", "26"},
                                     {"MMMM", "May"},
                                     {"MMM", "May"},
                                     {"MM", "05"},
                                     {"dd", fmt::format("0{}", index + 1)},
                                     {"HH", "10"},
                                     {"mm", "30"},
                                     {"ss", "00"}}) {
    const size_t at = format.find(token);
    if (at != std::string::npos) format.replace(at, token.size(), value);
  }
  return format;
}

// Made up by the column's kind: what stands in the partner's file may be personal, and stays there.
std::string MadeUp(const profile::ColumnProfile& column, size_t index) {
  using data::LogicalType;
  switch (column.type) {
    case LogicalType::kInteger:
      return std::to_string(index + 1);
    case LogicalType::kNumber:
      return fmt::format("{}.5", index + 1);
    case LogicalType::kDate:
    case LogicalType::kTimestamp:
      if (!column.format.empty()) return DateLike(column.format, index);
      return fmt::format("2026-05-0{}", index + 1);
    default:
      return fmt::format("{} {}", column.name, index + 1);
  }
}

NewLayout LayoutWithoutFile() {
  NewLayout layout;
  for (const char* name : {"Reference", "Date", "Place", "Value"}) {
    NewColumn column;
    column.name = name;
    for (size_t i = 0; i < kExamples; ++i)
      column.examples.push_back(column.name == "Date"    ? fmt::format("0{}/05/2026", i + 1)
                                : column.name == "Value" ? std::to_string(i + 1)
                                                         : fmt::format("{} {}", name, i + 1));
    layout.columns.push_back(std::move(column));
  }
  return layout;
}

absl::StatusOr<NewLayout> LayoutOf(const flows::SourceProfile& profile, const std::string& path) {
  if (profile.columns.size() < 2)
    return absl::UnavailableError(
        fmt::format("{} has one column only: no layout can be proposed from it; leave --from out", path));
  NewLayout layout;
  if (profile.facts.delimiter.size() == 1) layout.delimiter = profile.facts.delimiter[0];
  if (profile.facts.delimiter == "tab") layout.delimiter = '\t';
  for (size_t i = 0; i < profile.columns.size(); ++i) {
    NewColumn column;
    // As it stands in the file, which is what the adapter looks for.
    column.name = i < profile.facts.columns.size() ? profile.facts.columns[i] : profile.columns[i].name;
    for (size_t example = 0; example < kExamples; ++example)
      column.examples.push_back(MadeUp(profile.columns[i], example));
    layout.columns.push_back(std::move(column));
  }
  return layout;
}

std::vector<mapping::SampledColumn> SampledColumns(const flows::SourceProfile& profile) {
  std::vector<mapping::SampledColumn> columns;
  for (const profile::ColumnProfile& column : profile.columns) {
    mapping::SampledColumn sampled;
    sampled.name = column.name;
    for (const profile::ValueCount& one : column.top) sampled.values.emplace_back(one.value, one.count);
    sampled.records = column.records;
    sampled.empty = column.empty;
    columns.push_back(std::move(sampled));
  }
  return columns;
}

absl::StatusOr<std::string> FeedFor(const Context& context, const NewOptions& options,
                                    const NewLayout& layout, const flows::SourceProfile* profile) {
  const adapters::Catalog catalog = OpenCatalog(context);
  ASSIGN_OR_RETURN(const auto policies, OpenPolicies(context, catalog));
  const std::string dataset = DatasetName(options.dataset);
  const auto [contract, object] = policies->set->FindDataset(DatasetId(dataset));
  if (object == nullptr) {
    std::vector<std::string> names;
    for (const policy::Contract& one : policies->set->contracts) names.push_back(one.name);
    return absl::NotFoundError(fmt::format("there is no dataset {} in {}; {}", dataset, context.policies,
                                           DidYouMean(dataset, names)));
  }
  mapping::FeedFrame frame;
  frame.partner = options.partner.empty() ? "PARTNER" : options.partner;
  frame.id = fmt::format("{}-{}", options.partner.empty() ? WithHyphens(options.name) : options.partner,
                         WithHyphens(dataset));
  frame.dataset = dataset;
  frame.adapter = options.name;
  frame.source = layout.source.empty() ? "the partner's file" : layout.source;
  std::vector<mapping::SampledColumn> columns;
  if (profile != nullptr) {
    columns = SampledColumns(*profile);
  } else {
    for (const NewColumn& column : layout.columns) columns.emplace_back().name = column.name;
  }
  std::string yaml = mapping::ProposedFeedYaml(frame, mapping::ProposeMapping(columns, *object));
  if (yaml.empty() || yaml.back() != '\n') yaml.push_back('\n');
  return yaml;
}

absl::StatusOr<NewLayout> MakeLayout(const Context& context, const NewOptions& options) {
  if (!IsName(options.name))
    return absl::InvalidArgumentError(fmt::format(
        "\"{}\" is no name of an adapter: lower-case letters, digits and _, a letter first", options.name));
  std::optional<flows::SourceProfile> profile;
  NewLayout layout = LayoutWithoutFile();
  if (!options.from.empty()) {
    std::string source;
    ASSIGN_OR_RETURN(profile, ProfileOf(context, options.from, source));
    ASSIGN_OR_RETURN(layout, LayoutOf(*profile, options.from));
    layout.source = source;
  }
  layout.name = options.name;
  if (!options.dataset.empty()) {
    ASSIGN_OR_RETURN(layout.feed, FeedFor(context, options, layout, profile ? &*profile : nullptr));
  }
  return layout;
}

absl::Status WriteFolder(const std::string& folder, const NewLayout& layout) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return absl::AlreadyExistsError(fmt::format(
        "{} is there already and not empty: nothing was written; choose another folder with --dir", folder));
  for (const auto& [path, content] : NewAdapterFiles(layout)) {
    const fs::path file = fs::path(folder) / path;
    RETURN_IF_ERROR(MakeFolders(file.parent_path().string()));
    RETURN_IF_ERROR(CreateFile(file.string(), content));
  }
  return absl::OkStatus();
}

int New(const Context& context, const NewOptions& options) {
  const absl::StatusOr<NewLayout> layout = MakeLayout(context, options);
  if (!layout.ok()) return Fail(layout.status());
  const std::string folder = options.folder.empty() ? options.name : options.folder;
  const absl::Status written = WriteFolder(folder, *layout);
  if (!written.ok()) return Fail(absl::UnavailableError(std::string(MessageOf(written))));
  std::vector<std::string> paths;
  for (const auto& [path, content] : NewAdapterFiles(*layout)) paths.push_back(path);
  if (context.json) {
    json::Array files;
    for (const std::string& path : paths) files.push_back(json::Value(path));
    json::Object document{{"name", options.name}, {"folder", folder}, {"files", std::move(files)}};
    document["feed"] = layout->feed.empty() ? json::Value() : json::Value(layout->feed);
    PrintJson(document);
    return kFine;
  }
  fmt::print("wrote {}: {}\n", folder, fmt::join(paths, ", "));
  if (context.quiet) return kFine;
  fmt::print(stderr, "next: concordat adapter build {0} && concordat adapter verify {0}\n", folder);
  if (!options.from.empty()) {
    fmt::print(stderr,
               "{0} is a plain table: you may need no adapter at all. The one that is there reads it with a "
               "mapping in the feed:\n"
               "  concordat feed propose {0} --dataset {1} --partner {2}\n",
               options.from, options.dataset.empty() ? "DATASET" : DatasetName(options.dataset),
               options.partner.empty() ? "PARTNER" : options.partner);
  }
  return kFine;
}

}  // namespace

void AddAdapterNew(CLI::App& noun, Context& context) {
  auto options = std::make_shared<NewOptions>();
  CLI::App* verb =
      AddVerb(noun, context, "new",
              "writes the folder of a new adapter that builds, verifies and installs as it stands",
              "  concordat adapter new bus_tickets\n"
              "  concordat adapter new bus_tickets --from extract.csv --dataset indicator-returns --partner "
              "bus-operator",
              [&context, options] { return New(context, *options); });
  verb->add_option("NAME", options->name, "lower-case letters, digits and _")->required();
  verb->add_option(
      "--from", options->from,
      "a file of the partner: its header, delimiter and kinds of columns are taken over, its cells are not");
  verb->add_option("--dataset", options->dataset,
                   "proposes a feed that maps the file's columns to this dataset of --policies");
  verb->add_option("--partner", options->partner, "who supplies it, for the feed");
  verb->add_option("--dir", options->folder, "the folder to write (default: NAME)");
}

}  // namespace concordat::cli
