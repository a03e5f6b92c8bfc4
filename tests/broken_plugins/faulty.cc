// An adapter on the C++ face that goes wrong on demand, in one of its verbs.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "plugins/sdk/adapter.h"

namespace {

using namespace concordat::sdk;

constexpr uint64_t kRecords = 3;

void UseTooMuchMemory() {
  std::vector<std::vector<char>> hoard;
  while (true) hoard.emplace_back(size_t{16} << 20, 'x');
}

class Faulty : public Adapter {
 public:
  using Adapter::Adapter;
  ~Faulty() override {
    if (host().Option("verb") == "destroy") (void)GoWrong("destroy");
  }

  Status Open(std::vector<std::string>& columns) override {
    columns = {"a", "b"};
    return GoWrong("open");
  }

  Status Read(BatchBuilder& batch) override {
    if (done_) return GoWrong("read");
    done_ = true;
    for (uint64_t record = 1; record <= kRecords; ++record) {
      batch.column(0).Append("x");
      if (host().Option("fault") != "short_column") batch.column(1).Append("y");
      batch.EndRecord(record);
    }
    return Status::Ok();
  }

  Status Validate(const TableView&, const uint64_t*) override { return GoWrong("validate"); }
  Status Score() override { return GoWrong("score"); }

 private:
  Status GoWrong(std::string_view verb) {
    if (host().Option("verb") != verb) return Status::Ok();
    const std::string_view fault = host().Option("fault");
    if (fault == "segfault") raise(SIGSEGV);
    if (fault == "abort") std::abort();
    if (fault == "exit") std::exit(0);
    if (fault == "hang") pause();
    if (fault == "throw") throw std::runtime_error("a plain exception");
    if (fault == "throw_int") throw 42;
    if (fault == "memory") UseTooMuchMemory();
    if (fault == "fail") return Status::Failed("the moon is in the wrong phase");
    if (fault == "unreadable") return Status::SourceUnreadable("this is an Excel file: save it as CSV UTF-8");
    return Report(fault);
  }

  Status Report(std::string_view fault) {
    if (fault == "unknown_rule") return Find("undeclared", 1);
    if (fault == "unknown_record") return Find("declared", 99);
    if (fault == "finding_elsewhere") return Find("declared", 1);
    if (fault == "finding_twice") {
      if (Status status = Find("declared", 1); !status.ok()) return status;
      return Find("declared", 1);
    }
    if (fault == "unknown_dimension") return host().ReportDimension("undeclared", 50, "");
    if (fault == "score_above") return host().ReportDimension("declared", 100.5, "");
    if (fault == "dimension_twice") {
      if (Status status = host().ReportDimension("declared", 1, ""); !status.ok()) return status;
      return host().ReportDimension("declared", 2, "");
    }
    return Status::Ok();
  }

  Status Find(std::string_view rule, uint64_t record) {
    Finding finding;
    finding.rule = rule;
    finding.record = record;
    return host().Report(finding);
  }

  bool done_ = false;
};

}  // namespace

CONCORDAT_ADAPTER(Faulty)
