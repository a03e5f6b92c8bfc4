// The types of server that ODCS knows, and the keys of each.
#include <map>

#include "host/policy/odcs_model.h"

namespace concordat::policy {
namespace {

struct ServerKind {
  std::string_view type;
  std::string_view required;  // names with blanks between them
  std::string_view optional;
};

constexpr ServerKind kKinds[] = {
    {"api", "location", ""},
    {"athena", "stagingDir schema", "catalog regionName"},
    {"azure", "location format", "delimiter"},
    {"bigquery", "project dataset", ""},
    {"clickhouse", "host port database", ""},
    {"databricks", "catalog schema", "host"},
    {"denodo", "host port", "database"},
    {"dremio", "host port", "schema"},
    {"duckdb", "database", "schema"},
    {"glue", "account database", "location format"},
    {"cloudsql", "host port database schema", ""},
    {"db2", "host port database", "schema"},
    {"hive", "host database", "port"},
    {"impala", "host database", "port"},
    {"informix", "host database", "port"},
    {"kafka", "host", "format"},
    {"kinesis", "", "region format"},
    {"local", "path format", ""},
    {"mysql", "host port database", ""},
    {"oracle", "host port serviceName", ""},
    {"postgresql", "host port database schema", ""},
    {"postgres", "host port database schema", ""},
    {"presto", "host", "catalog schema"},
    {"pubsub", "project", ""},
    {"redshift", "database schema", "host region account"},
    {"s3", "location", "endpointUrl format delimiter"},
    {"sftp", "location", "format delimiter"},
    {"snowflake", "account database schema", "host port warehouse"},
    {"sqlserver", "host database schema", "port"},
    {"synapse", "host port database", ""},
    {"trino", "host port catalog schema", ""},
    {"vertica", "host port database schema", ""},
    {"zen", "host database", "port"},
    {"custom", "",
     "account catalog database dataset delimiter endpointUrl format host location path port project region "
     "regionName schema serviceName stagingDir warehouse stream"},
};

Type TypeOf(std::string_view server, std::string_view key) {
  if (key == "port") return {Form::kInteger};
  if (key == "location") return {server == "sftp" ? Form::kSftpUri : Form::kUri};
  if (key == "endpointUrl") return {Form::kUri};
  if (key == "stagingDir") return {server == "athena" ? Form::kUri : Form::kText};
  return {Form::kText};
}

void AddKeys(const ServerKind& kind, std::string_view names, bool required, Keys& keys) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    keys.push_back({name, TypeOf(kind.type, name), required});
    names.remove_prefix(std::min(names.size(), name.size() + 1));
  }
}

std::map<std::string_view, Keys> MakeKeys() {
  std::map<std::string_view, Keys> all;
  for (const ServerKind& kind : kKinds) {
    Keys& keys = all[kind.type];
    AddKeys(kind, kind.required, true, keys);
    AddKeys(kind, kind.optional, false, keys);
  }
  return all;
}

}  // namespace

const Keys* ServerKeys(std::string_view type) {
  static const std::map<std::string_view, Keys> all = MakeKeys();
  const auto found = all.find(type);
  return found == all.end() ? nullptr : &found->second;
}

const std::vector<std::string>& ServerTypes() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> names;
    for (const ServerKind& kind : kKinds) names.emplace_back(kind.type);
    return names;
  }();
  return types;
}

}  // namespace concordat::policy
