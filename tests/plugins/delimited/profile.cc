// delimited_profile FILE ...: a line of tab-separated facts a file. With --speed: how fast it was read, three
// times.
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <iostream>
#include <string>

#include "plugins/delimited/reader.h"
#include "plugins/delimited/scanner.h"

namespace concordat::delimited {
namespace {

class FileSource : public Source {
 public:
  explicit FileSource(const char* path) : fd_(open(path, O_RDONLY | O_CLOEXEC)) {}
  ~FileSource() override { close(fd_); }
  uint64_t size() const override {
    struct stat status = {};
    return fstat(fd_, &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
  }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    return pread(fd_, into, size, static_cast<off_t>(offset));
  }

 private:
  const int fd_;
};

struct Pass {
  Outcome outcome;
  Facts facts;
  Layout layout;
  double seconds;
};

Pass ReadFile(const char* path, const Options& options) {
  FileSource source(path);
  const auto start = std::chrono::steady_clock::now();
  Reader reader(&source, options);
  Outcome outcome = reader.Open();
  while (outcome == Outcome::kOk) {
    sdk::BatchBuilder batch(reader.layout().columns(), 65536, 8u << 20);
    outcome = reader.Next(batch);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (outcome != Outcome::kEnd) std::cout << path << "\t" << reader.message() << "\n";
  return {outcome, reader.facts(), reader.layout(), taken.count()};
}

void PrintSpeed(const char* path, const char* what, const Options& options) {
  const double megabytes = static_cast<double>(FileSource(path).size()) / 1e6;
  std::cout << what;
  for (int i = 0; i < 3; ++i)
    std::cout << "  " << static_cast<int>(megabytes / ReadFile(path, options).seconds) << " MB/s";
  std::cout << "\n";
}

void PrintFacts(const char* path) {
  const Pass pass = ReadFile(path, {});
  if (pass.outcome != Outcome::kEnd) return;
  std::cout << path << "\t" << pass.facts.encoding << "\t" << pass.facts.delimiter << "\theader "
            << pass.layout.header_line << "\tcolumns " << pass.layout.columns() << "\trecords "
            << pass.facts.records << "\tblank " << pass.facts.blank << "\tunreadable "
            << pass.facts.unreadable;
  for (const std::string& note : pass.facts.notes) std::cout << "\t" << note;
  std::cout << "\n";
}

int Main(int count, char** arguments) {
  bool speed = false;
  // As the worker: the memory of one batch serves the next.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--speed") == 0) {
      speed = true;
      continue;
    }
    PrintFacts(arguments[i]);
    if (!speed) continue;
    PrintSpeed(arguments[i], "fastest scan ", {});
    Options portable;
    portable.scan = ScanPortable;
    PrintSpeed(arguments[i], "portable scan", portable);
  }
  return 0;
}

}  // namespace
}  // namespace concordat::delimited

int main(int count, char** arguments) { return concordat::delimited::Main(count, arguments); }
