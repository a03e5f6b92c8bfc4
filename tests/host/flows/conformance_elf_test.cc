// The reader of libraries meets any bytes: it reads within them, and says what is wrong.
#include "host/flows/conformance_elf.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"

namespace concordat::flows {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// This program's own C++ library is an ELF file on every machine that runs the test, and no adapter.
std::string SomeLibrary() {
  for (const char* path : {"/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"}) {
    absl::StatusOr<std::string> bytes = ReadFile(path);
    if (bytes.ok()) return *std::move(bytes);
  }
  return "";
}

TEST(ConformanceElf, ALibraryThatIsNoAdapterIsToldFromOne) {
  const LibraryFacts facts = ExamineLibrary(SomeLibrary());
  EXPECT_THAT(facts.exported, Contains("cos"));
  EXPECT_THAT(facts.needed, Contains("libc.so.6"));
  ASSERT_THAT(facts.faults, SizeIs(1));
  EXPECT_THAT(facts.faults[0].what, HasSubstr("does not export concordat_adapter_init"));
}

TEST(ConformanceElf, BytesThatAreNoLibraryHaveAFaultAndNothingElse) {
  for (const std::string& bytes : {std::string(), std::string("\x7F"),
                                   std::string("\x7F"
                                               "ELF"),
                                   std::string(64, '\0'), std::string("#!/bin/sh\n")}) {
    const LibraryFacts facts = ExamineLibrary(bytes);
    EXPECT_THAT(facts.faults, SizeIs(1));
    EXPECT_THAT(facts.exported, IsEmpty());
  }
}

// Under a sanitizer this is what shows a read beyond the end.
TEST(ConformanceElf, CutOffOrChangedAnywhereItIsReadWithinItsBytes) {
  const std::string whole = SomeLibrary();
  std::mt19937_64 random(6);
  for (int i = 0; i < 400; ++i) {
    std::string bytes = whole;
    if (i % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
    for (int change = 0; change < 8 && !bytes.empty(); ++change) {
      // Mostly in the tables at both ends, where sizes and offsets stand.
      const size_t near = std::min<size_t>(bytes.size(), 4096);
      const size_t at = change % 2 == 0 ? random() % near : bytes.size() - 1 - random() % near;
      bytes[at] = static_cast<char>(random());
    }
    const std::unique_ptr<char[]> exact(new char[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), exact.get());
    const LibraryFacts facts = ExamineLibrary({exact.get(), bytes.size()});
    EXPECT_FALSE(facts.faults.empty());
  }
}

}  // namespace
}  // namespace concordat::flows
