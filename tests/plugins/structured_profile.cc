// How fast the readers of JSON, XML and fixed-width files are by themselves: structured_profile json|xml|fixed_width FILE [columns].
// For people, and for tests/plugins/structured_peers.py, which sets them beside Python's.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "plugins/fixed_width/reader.h"
#include "plugins/json/reader.h"
#include "plugins/xml/reader.h"
#include "tests/fuzz/readers/harness.h"

namespace {

using namespace concordat;

template <typename Reader>
int Time(Reader&& reader, size_t bytes) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> columns;
  sdk::Status status = reader.Open(columns);
  uint64_t records = 0;
  while (status.ok()) {
    sdk::BatchBuilder batch(columns.size(), 8192, 4u << 20);
    status = reader.Read(batch);
    if (!status.ok() || batch.rows() == 0) break;
    records += batch.rows();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return 1;
  }
  std::printf("%llu records, %zu columns, %.3f s, %.0f records/s, %.1f MB/s\n", static_cast<unsigned long long>(records),
              columns.size(), seconds, static_cast<double>(records) / seconds, static_cast<double>(bytes) / 1e6 / seconds);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: structured_profile json|xml|fixed_width FILE [columns of a fixed-width file]\n");
    return 3;
  }
  const std::string format = arguments[1];
  std::ifstream file(arguments[2], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  fuzz::BytesSource source(bytes);
  if (format == "json") return Time(json::Reader(&source, {}, arguments[2]), bytes.size());
  if (format == "xml") return Time(xml::Reader(&source, {}), bytes.size());
  fixed_width::Options options;
  if (auto status = fixed_width::ParseLayout(count > 3 ? arguments[3] : "", options.layout); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.message().c_str());
    return 3;
  }
  return Time(fixed_width::Reader(&source, options), bytes.size());
}
