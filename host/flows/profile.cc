#include "host/flows/profile.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> OptionsOf(const ProfileRequest& request) {
  Issues issues;
  auto options = adapters::Catalog::ResolveOptions(*request.manifest, policy::Node(), issues);
  for (const auto& [name, value] : request.options) {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const auto& option) { return option.first == name; });
    if (found == options.end()) {
      std::vector<std::string> names;
      for (const auto& option : options) names.push_back(option.first);
      return absl::InvalidArgumentError(fmt::format("adapter {} has no option \"{}\"; {}",
                                                    request.manifest->name, name, DidYouMean(name, names)));
    }
    found->second = value;
  }
  return options;
}

}  // namespace

absl::StatusOr<json::Object> ProfileSource(const ProfileRequest& request) {
  adapters::Request run;
  run.manifest = request.manifest;
  run.worker = request.worker;
  run.source_fd = request.source.fd;
  run.source_name = request.source.name;
  run.limits = request.limits;
  ASSIGN_OR_RETURN(run.options, OptionsOf(request));
  ASSIGN_OR_RETURN(const std::unique_ptr<adapters::Session> session, adapters::Session::Start(run));
  while (true) {
    adapters::AdapterBatch batch;
    ASSIGN_OR_RETURN(const bool more, session->Next(batch));
    if (!more) break;
  }
  const data::SourceFacts& facts = session->facts();
  return json::Object{{"name", request.source.name},
                      {"bytes", request.source.bytes},
                      {"records", facts.records},
                      {"blank", facts.blank},
                      {"unreadable", facts.unreadable},
                      {"encoding", facts.encoding},
                      {"delimiter", facts.delimiter},
                      {"headerLine", facts.header_line},
                      {"columns", TextArray(facts.columns)},
                      {"notes", TextArray(facts.notes)}};
}

}  // namespace concordat::flows
