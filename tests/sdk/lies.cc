// Adapters that break a promise which only the conformance kit looks at; a definition says which.
#include <cstdio>
#include <vector>

#include "plugins/sdk/adapter.h"
#include "plugins/sdk/line_reader.h"
#include "plugins/sdk/text.h"

namespace {

using namespace concordat::sdk;

class Lies : public Adapter {
 public:
  explicit Lies(const Host& host) : Adapter(host), lines_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    columns = {"cell"};
#ifndef LIE_empty_is_fine
    if (host().source_size() == 0) return Status::SourceUnreadable("the file is empty");
#endif
#ifdef LIE_wordless
    if (host().source_size() < 4) return Status::SourceUnreadable("");
#endif
#ifdef LIE_option
    if (host().Option("mode") == "slow") return Status::Failed("the mode slow is not built yet");
#endif
#ifdef LIE_hungry
    hoard_.assign(host().source_size() * 100, 'x');
#endif
    return Status::Ok();
  }

  Status Read(BatchBuilder& batch) override {
    std::string_view line;
    for (bool more = true; !batch.full();) {
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      if (line == "?") {
#ifdef LIE_no_reason
        batch.AddUnreadable(lines_.line_number(), "", line);
#else
        batch.AddUnreadable(lines_.line_number(), "a question mark is no cell", line);
#endif
        continue;
      }
#ifndef LIE_any_bytes
      if (!IsUtf8(line)) {
        batch.AddUnreadable(lines_.line_number(), "the line is not UTF-8", line);
        continue;
      }
#endif
#ifdef LIE_random
      static const int kSomewhere = 0;
      char where[32];
      std::snprintf(where, sizeof where, "%p", static_cast<const void*>(&more) );
      batch.column(0).Append(std::string(line) + where + std::to_string(reinterpret_cast<uintptr_t>(&kSomewhere)));
#elif defined(LIE_batches)
      batch.column(0).Append(std::string(line) + std::to_string(batch.rows()));
#else
      batch.column(0).Append(line);
#endif
      batch.EndRecord(lines_.line_number());
    }
    return Status::Ok();
  }

#ifdef LIE_undeclared
  Status Validate(const TableView& batch, const uint64_t* records) override {
    if (batch.rows() == 0) return Status::Ok();
    Finding finding;
    finding.rule = "of_my_own";
    finding.record = records[0];
    return host().Report(finding);
  }
#endif

 private:
  LineReader lines_;
  std::vector<char> hoard_;
};

}  // namespace

#ifdef LIE_more_symbols
extern "C" __attribute__((visibility("default"))) int helper_of_mine() { return 1; }
#endif

CONCORDAT_ADAPTER(Lies)
