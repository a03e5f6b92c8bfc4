// Libraries that cannot be adapters here are told before a byte of them runs, each in its own words.
#include "host/adapters/library_check.h"

#include <elf.h>

#include <cstring>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/failure.h"
#include "host/base/files.h"
#include "session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string LibraryOf(const std::string& adapter) {
  return *ReadFile(fmt::format("{}/{}/{}.so", CONCORDAT_BROKEN_ADAPTER_DIR, adapter, adapter));
}

template <typename T>
std::string With(std::string library, size_t offset, T value) {
  std::memcpy(library.data() + offset, &value, sizeof value);
  return library;
}

TEST(LibraryCheckTest, GoodLibrariesPassInCAndInCpp) {
  for (const char* adapter : {"obedient", "all_types", "faulty"})
    EXPECT_EQ(WhyNoAdapter(LibraryOf(adapter), "x.so"), "") << adapter;
}

TEST(LibraryCheckTest, EveryOtherFileHasItsOwnWords) {
  const std::string good = LibraryOf("obedient");
  const struct {
    std::string bytes;
    const char* why;
  } cases[] = {
      {"", "x.so is empty"},
      {"this is no shared library\n", "x.so is a text file under the name of a library"},
      {"#!/bin/sh\nexit\n", "x.so is a script"},
      {"<!DOCTYPE html><title>404</title>",
       "x.so is a web page or XML under the name of a library: fetch it again"},
      {"version https://git-lfs.github.com/spec/v1\n",
       "x.so is the pointer to a file that Git LFS keeps elsewhere"},
      {"MZ\x90", "x.so is a library for Windows; build it for Linux"},
      {"\xCF\xFA\xED\xFE", "x.so is a library for macOS"},
      {"!<arch>\n", "x.so is a static library (.a); link it as a shared one"},
      {"PK\x03\x04", "x.so is a zip archive"},
      {std::string("\x01\x02\x00\x03", 4), "x.so is no shared library (ELF) at all"},
      {With<uint16_t>(good, 18, EM_AARCH64), "x.so is built for 64-bit ARM (aarch64), and this machine is"},
      {With<uint16_t>(good, 18, EM_S390), "x.so is built for IBM Z (s390)"},
      {With<uint16_t>(good, 18, 60000), "x.so is built for a machine of ELF number 60000"},
      {With<unsigned char>(With<uint16_t>(good, 18, EM_386), EI_CLASS, ELFCLASS32),
       "x.so is built for 32-bit Intel (x86)"},
      {With<unsigned char>(good, EI_CLASS, ELFCLASS32), "in another form"},
      {With<unsigned char>(good, EI_DATA, ELFDATA2MSB), "x.so is built for"},
      {With<uint16_t>(good, 16, ET_REL), "x.so is an object file; link it as a shared library"},
      {With<uint16_t>(good, 16, ET_EXEC), "x.so is an ELF file, but no shared library"},
      {good.substr(0, 8), "x.so is cut short: not even its header is whole"},
      {good.substr(0, 40), "x.so is cut short: not even its header is whole"},
      {good.substr(0, 200), "x.so is cut short: its end is missing"},
      {good.substr(0, good.size() / 2), "x.so is cut short: its end is missing"},
      {good.substr(0, good.size() - 1), "x.so is cut short: its end is missing"},
  };
  for (const auto& [bytes, why] : cases) {
    const std::string said = WhyNoAdapter(bytes, "x.so");
    EXPECT_THAT(said, StartsWith("its library could not be opened: x.so"));
    EXPECT_THAT(said, HasSubstr(why));
  }
}

TEST(LibraryCheckTest, ALibraryWithoutTheEntryIsNoAdapter) {
  EXPECT_THAT(WhyNoAdapter(LibraryOf("no_symbol"), "x.so"),
              StartsWith("its library does not export concordat_adapter_init: it is no adapter"));
  std::string renamed = LibraryOf("obedient");
  for (size_t at = renamed.find("concordat_adapter_init"); at != std::string::npos;
       at = renamed.find("concordat_adapter_init", at + 1)) {
    renamed.replace(at, 22, "concordat_adaptor_init");
  }
  EXPECT_THAT(WhyNoAdapter(renamed, "x.so"),
              HasSubstr("it exports concordat_adaptor_init; a slip of the pen?"));
}

// Bytes of a stranger: whatever they say, nothing outside the file is read (the sanitizer build looks on).
TEST(LibraryCheckTest, NoByteOfTheHeadersLeadsOutside) {
  const std::string good = LibraryOf("obedient");
  const size_t sections = good.size() - std::min<size_t>(good.size(), 2600);
  for (size_t at = 4; at < good.size(); at = at == 1023 ? sections : at + 1) {
    for (const char value : {'\0', '\x7F', '\xFF'}) {
      std::string spoilt = good;
      spoilt[at] = value;
      WhyNoAdapter(spoilt, "x.so");
      if (at + 8 <= spoilt.size()) WhyNoAdapter(With<uint64_t>(good, at, ~uint64_t{0} - 7), "x.so");
    }
  }
}

TEST(LibraryCheckTest, TheManifestsAbiMustMeetTheHosts) {
  const struct {
    uint32_t min;
    uint32_t max;
    const char* why;
  } cases[] = {
      {1, 1, ""},
      {1, 9, ""},
      {1000, 1000,
       "its manifest says that it speaks version 1000 of the adapter ABI, and this host speaks version"},
      {1000, 1002, "it speaks the versions 1000 to 1002 of the adapter ABI"},
  };
  for (const auto& [min, max, why] : cases) {
    Manifest manifest;
    manifest.abi_min = min;
    manifest.abi_max = max;
    if (*why == '\0') {
      EXPECT_EQ(WhyOtherAbi(manifest), "");
    } else {
      EXPECT_THAT(WhyOtherAbi(manifest), HasSubstr(why));
    }
  }
}

TEST(LibraryCheckTest, AnUnfitLibraryIsNeverStarted) {
  const Catalog catalog = LoadCatalog(CONCORDAT_BROKEN_ADAPTER_DIR);
  ASSERT_NE(catalog.Find("not_a_library"), nullptr);
  Trial trial;
  trial.catalog = &catalog;
  trial.adapter = "not_a_library";
  const absl::Status status = StartTrial(trial).status();
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_THAT(
      std::string(MessageOf(status)),
      StartsWith("adapter not_a_library 0.9.0 failed: its library could not be opened: not_a_library.so is "
                 "a text file under the name of a library"));
  const auto failure = FailureIn(status);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
}

}  // namespace
}  // namespace concordat::adapters
