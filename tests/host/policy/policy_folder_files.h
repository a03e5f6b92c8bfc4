// A whole small policies folder, and variants of it on disk.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "gtest/gtest.h"

namespace concordat::policy {

using FolderFiles = std::map<std::string, std::string>;

/// Two partners, one dataset, one feed, a charter with one protocol below it, one template, one test, one
/// list.
inline FolderFiles SmallFolder() {
  FolderFiles files;
  files["partnership.yaml"] =
      "apiVersion: concordat/v1\nkind: Partnership\nid: derwent\nname: Derwent\ntrustDomain: "
      "derwent.example\n";
  files["partners/constabulary.yaml"] =
      "apiVersion: concordat/v1\nkind: Partner\nid: constabulary\nname: Derwent Constabulary\nsector: "
      "public\n";
  files["partners/county-council.yaml"] =
      "apiVersion: concordat/v1\nkind: Partner\nid: county-council\nname: Derwent County Council\nsector: "
      "public\n";
  files["contracts/street_crime.odcs.yaml"] =
      "apiVersion: v3.1.0\nkind: DataContract\nid: street-crime\nname: street_crime\nversion: 1.0.0\nstatus: "
      "active\n"
      "schema:\n"
      "  - name: crimes\n"
      "    properties:\n"
      "      - {name: crime_id, logicalType: string, classification: internal}\n"
      "      - {name: month, logicalType: string, classification: public}\n"
      "      - {name: outcome, logicalType: string, classification: criminal-offence}\n";
  files["feeds/constabulary-street-crime.yaml"] =
      "apiVersion: concordat/v1\nkind: Feed\nid: constabulary-street-crime\npartner: constabulary\n"
      "dataset: street_crime\nadapter: {plugin: delimited}\nmapping:\n  crime_id: Crime ID\n";
  files["protocols/charter.yaml"] =
      "apiVersion: concordat/v1\nkind: SharingProtocol\nid: charter\nversion: 1.0.0\ntitle: Charter\ntier: "
      "1\n"
      "parties:\n"
      "  - {partner: constabulary, gives: true, role: controller}\n"
      "  - {partner: county-council, receives: true, role: controller}\n"
      "purpose: {code: \"dpv:PublicSafety\", statement: Safety}\n"
      "lawfulness: {bases: [art6.1.e]}\n"
      "validity: {from: 2026-01-01, until: 2030-12-31, review: 2028-01-01}\n";
  files["protocols/hotspots.yaml"] =
      "apiVersion: concordat/v1\nkind: SharingProtocol\nid: hotspots\nversion: 3.1.0\ntitle: Hotspots\ntier: "
      "2\n"
      "parent: charter\n"
      "parties:\n"
      "  - {partner: constabulary, gives: true, role: controller}\n"
      "  - {partner: county-council, receives: true, role: controller}\n"
      "purpose: {code: \"dpv:PublicSafety\", statement: Patrols}\n"
      "lawfulness: {bases: [art6.1.e]}\n"
      "validity: {from: 2026-04-01, until: 2028-03-31, review: 2027-03-31}\n"
      "shares:\n"
      "  - id: records\n"
      "    dataset: street_crime\n"
      "    from: [constabulary]\n"
      "    to: [county-council]\n"
      "    fields: {month: release}\n"
      "tests: [hotspots_test.yaml]\n";
  files["assessments/themes.yaml"] =
      "apiVersion: concordat/v1\nkind: AssessmentTemplate\nid: themes\nversion: \"1\"\ntitle: Themes\n"
      "scale: [{level: 1, name: low}, {level: 2, name: high}]\n"
      "themes:\n"
      "  - id: t\n    title: T\n    items:\n"
      "      - {id: i, question: Q, evidence: {measure: dataset_score, dataset: street_crime, levels: {2: "
      "90}}}\n";
  files["tests/hotspots_test.yaml"] =
      "apiVersion: concordat/v1\nkind: PolicyTest\nnow: 2026-11-20T12:00:00Z\n"
      "rules: [{contract: street_crime, given: [{crime_id: \"\"}], expect: [{record: 1, rule: "
      "crime_id_required}]}]\n"
      "rulings: [{request: {partner: county-council, dataset: street_crime, purpose: \"dpv:PublicSafety\"}, "
      "expect: {decision: deny, clause: hotspots}}]\n";
  files["lists/lsoa.csv"] = "code\nE01000001\n";
  return files;
}

/// Files in a fresh folder of this test; removed at the end.
class FolderOnDisk {
 public:
  explicit FolderOnDisk(const FolderFiles& files) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() / ("concordat-" + std::string(test->test_suite_name()) +
                                                      "-" + test->name() + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    for (const auto& [name, text] : files) {
      std::filesystem::create_directories((path_ / name).parent_path());
      std::ofstream(path_ / name, std::ios::binary) << text;
    }
  }
  ~FolderOnDisk() { std::filesystem::remove_all(path_); }
  FolderOnDisk(const FolderOnDisk&) = delete;
  FolderOnDisk& operator=(const FolderOnDisk&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace concordat::policy
