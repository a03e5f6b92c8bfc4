// Packed files before a real adapter in a real worker: it sees what was in them, or nothing and a clear word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "host/base/sealed_blocks.h"
#include "tests/host/adapters/session_runner.h"
#include "tests/plugins/packed/packed_files.h"

namespace concordat::adapters {
namespace {

using packed::Gzip;
using packed::MakeZip;
using packed::Zstd;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kText[] = "code,value\nA1,10\nB2,20\n";

class Unpack : public NothingLeftBehind {
 protected:
  Trial TrialOf(std::string name, std::string source) {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "delimited";
    trial.source = std::move(source);
    trial.source_name = std::move(name);
    return trial;
  }
  Result Read(std::string name, std::string source, std::string unpack = "auto") {
    Trial trial = TrialOf(std::move(name), std::move(source));
    trial.unpack = std::move(unpack);
    return RunTrial(trial);
  }
  void ExpectText(const Result& result, const std::string& note) {
    ASSERT_TRUE(result.status.ok()) << result.status;
    EXPECT_THAT(result.columns, ElementsAre("code", "value"));
    EXPECT_THAT(result.records, ElementsAre("1@2: A1|10", "2@3: B2|20"));
    ASSERT_FALSE(result.facts.notes.empty());
    EXPECT_EQ(result.facts.notes[0], note);
  }
  void ExpectRefused(const Result& result, const std::string& words) {
    EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
    EXPECT_THAT(result.message(), HasSubstr(words));
    EXPECT_TRUE(result.records.empty());
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_ADAPTER_DIR);
};

TEST_F(Unpack, GzipZstandardAndZipAreReadAsWhatIsInThem) {
  ExpectText(Read("2019.csv.gz", Gzip(kText)), "read 2019.csv.gz unpacked");
  ExpectText(Read("2019.csv.zst", Zstd(kText)), "read 2019.csv.zst unpacked");
  ExpectText(Read("extract.zip", MakeZip({{"2019.csv", kText}})), "read 2019.csv from extract.zip");
  ExpectText(Read("extract.zip", MakeZip({{"a/2019.csv", kText, false}})),
             "read a/2019.csv from extract.zip");
}

TEST_F(Unpack, TheBytesCountAndNotTheName) {
  ExpectText(Read("2019.csv", Gzip(kText)), "read 2019.csv unpacked");
  const Result plain = Read("2019.csv.gz", kText);
  ASSERT_TRUE(plain.status.ok()) << plain.status;
  EXPECT_EQ(plain.records.size(), 2u);
}

TEST_F(Unpack, PartsOfAGzipFileAreOneText) {
  ExpectText(Read("a.csv.gz", Gzip("code,value\nA1,10\n") + Gzip("B2,20\n")), "read a.csv.gz unpacked");
  ExpectText(Read("a.csv.gz", Gzip(kText) + std::string(512, '\0')), "read a.csv.gz unpacked");
}

TEST_F(Unpack, AGzipFileInAZipFileIsUnpackedTwice) {
  ExpectText(Read("all.zip", MakeZip({{"2019.csv.gz", Gzip(kText), false}})),
             "read 2019.csv.gz from all.zip");
}

TEST_F(Unpack, LitterInAZipFileIsNoMember) {
  ExpectText(Read("e.zip",
                  MakeZip({{"__MACOSX/._x.csv", "x"}, {"data/", ""}, {".DS_Store", "x"}, {"x.csv", kText}})),
             "read x.csv from e.zip");
}

TEST_F(Unpack, TheFeedSaysWhichMemberIsMeant) {
  const std::string zip = MakeZip({{"readme.txt", "x"}, {"out/Data_2019.CSV", kText}, {"old.csv", "y"}});
  ExpectText(Read("e.zip", zip, "data*.csv"), "read out/Data_2019.CSV from e.zip");
  ExpectRefused(Read("e.zip", zip),
                "e.zip holds 3 files (readme.txt, out/Data_2019.CSV, old.csv): send the one that is meant");
  ExpectRefused(
      Read("e.zip", zip, "*.csv"),
      "e.zip holds 2 files like \"*.csv\", where the feed asks for one: out/Data_2019.CSV, old.csv");
  ExpectRefused(Read("e.zip", zip, "*.tsv"), "e.zip holds no file like \"*.tsv\"");
  ExpectRefused(Read("e.zip", MakeZip({{"data/", ""}})), "e.zip holds no file");
}

TEST_F(Unpack, AFeedMayWantItAsItCame) {
  ExpectRefused(Read("e.csv.gz", Gzip(kText), "none"), "gzip");
  ExpectRefused(Read("e.zip", MakeZip({{"x.csv", kText}}), "none"), "ZIP");
}

TEST_F(Unpack, DamageIsToldBeforeAnyRecord) {
  std::string gzip = Gzip(kText);
  ExpectRefused(Read("e.csv.gz", gzip.substr(0, gzip.size() - 9)), "e.csv.gz is cut off before its end");
  std::string flipped = gzip;
  flipped[flipped.size() - 6] ^= 1;  // the check sum alone
  ExpectRefused(Read("e.csv.gz", flipped), "e.csv.gz is damaged");
  const std::string zstd = Zstd(kText);
  ExpectRefused(Read("e.csv.zst", zstd.substr(0, zstd.size() - 3)), "e.csv.zst is cut off");
  std::string zip = MakeZip({{"x.csv", kText, false}});
  zip[zip.find("A1")] = 'Z';
  ExpectRefused(Read("e.zip", zip), "x.csv is damaged within its zip file");
  ExpectRefused(Read("e.zip", zip.substr(0, zip.size() - 30)), "e.zip is a damaged zip file");
  ExpectRefused(Read("e.zip", MakeZip({{"x.csv", kText, true, 0x800, 0xFFFF, 9}})),
                "x.csv is damaged within its zip file");
}

TEST_F(Unpack, WhatIsNotReadIsNamed) {
  ExpectRefused(Read("e.zip", MakeZip({{"x.csv", kText, true, 0x801}})),
                "x.csv has a password within its zip file");
  ExpectRefused(Read("e.zip", MakeZip({{"x.csv", kText, true, 0x800, 9}})), "Deflate64");
  ExpectRefused(Read("e.zip", MakeZip({{"in.zip", MakeZip({{"x.csv", kText}}), false}})),
                "e.zip holds another zip file, in.zip");
}

TEST_F(Unpack, ABombIsRefusedAsItUnpacks) {
  const std::string zeros(100 << 20, '0');
  ExpectRefused(Read("e.csv.gz", Gzip(zeros)), "zip bomb");
  ExpectRefused(Read("e.zip", MakeZip({{"x.csv", zeros}})), "zip bomb");
  ExpectRefused(Read("e.csv.zst", Zstd(zeros)), "zip bomb");
}

// Beyond what stays in memory: read twice, by a reader that looks ahead and goes back.
TEST_F(Unpack, LargeFilesStream) {
  std::string text = "code,value,text\n";
  size_t records = 0;
  for (unsigned seed = 7; text.size() < (80u << 20); ++records) {
    seed = seed * 1664525 + 1013904223;
    text += "R" + std::to_string(records) + "," + std::to_string(seed) +
            ",some words that stand in every record\n";
  }
  for (const std::string& packed : {Gzip(text), MakeZip({{"x.csv", text}})}) {
    auto session = StartTrial(TrialOf("x.csv.gz", packed));
    ASSERT_TRUE(session.ok()) << session.status();
    size_t read = 0;
    std::string last;
    for (;;) {
      AdapterBatch batch;
      const absl::StatusOr<bool> more = (*session)->Next(batch);
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
      EXPECT_TRUE(batch.records.unreadable.empty());
      read += batch.records.rows();
      if (batch.records.rows() > 0) last = batch.records.columns[0]->at(batch.records.rows() - 1);
    }
    EXPECT_EQ(read, records);
    EXPECT_EQ(last, "R" + std::to_string(records - 1));
  }
}

TEST_F(Unpack, SealedSourcesAreUnpackedToo) {
  const std::string plain = MakeZip(
      {{"2019.csv", kText + std::string(200'000, ' ')}, {"skip.txt", std::string(100'000, 'x'), false}});
  const std::string key(32, 'k');
  Trial trial = TrialOf("extract.zip", "");
  for (uint64_t block = 0; block * kBlockBytes < plain.size(); ++block)
    trial.source += SealBlock(key, block, std::string_view(plain).substr(block * kBlockBytes, kBlockBytes));
  trial.source_key = key;
  trial.source_bytes = plain.size();
  trial.unpack = "*.csv";
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.records.size(), 2u);
}

// What other programs pack: gzip, zstd and zip, where they are installed, and Python's zipfile.
TEST_F(Unpack, WhatOtherProgramsPackedIsRead) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("concordat-unpack-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "x.csv") << kText;
  const auto run = [&](const std::string& command) {
    return std::system(("cd '" + folder.string() + "' && " + command + " >/dev/null 2>&1").c_str()) == 0;
  };
  const std::pair<const char*, const char*> ways[] = {
      {"gzip -k9 x.csv", "x.csv.gz"},
      {"zstd -k x.csv", "x.csv.zst"},
      {"zip -j z.zip x.csv", "z.zip"},
      {"zip -fz- s.zip x.csv", "s.zip"},
      {"python3 -c \"import zipfile; z = zipfile.ZipFile('p.zip', 'w', 8); f = z.open('x.csv', 'w', "
       "force_zip64=True); "
       "f.write(open('x.csv', 'rb').read()); f.close(); z.close()\"",
       "p.zip"}};
  for (const auto& [command, file] : ways) {
    if (!run(command)) {
      std::printf("skipped: %s\n", command);
      continue;
    }
    std::ifstream packed(folder / file, std::ios::binary);
    const Result result =
        Read(file, {std::istreambuf_iterator<char>(packed), std::istreambuf_iterator<char>()});
    EXPECT_TRUE(result.status.ok()) << command << ": " << result.status;
    EXPECT_THAT(result.records, ElementsAre("1@2: A1|10", "2@3: B2|20")) << command;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace concordat::adapters
