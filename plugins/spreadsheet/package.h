// The zip file that a workbook is: its parts, and how one leads to others.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/packed/zip.h"
#include "plugins/spreadsheet/xml_parser.h"

namespace concordat::spreadsheet {

struct Relation {
  std::string type;    // its last word: "worksheet", "sharedStrings" ...
  std::string target;  // a part's name
};

class Package {
 public:
  sdk::Status Open(packed::ByteSource* source) { return zip_.Open(source); }
  bool Has(std::string_view part) const { return Entry(part) != nullptr; }
  const packed::Zip& zip() const { return zip_; }

  /// SourceUnreadable when there is no such part.
  sdk::Status Stream(std::string_view part, std::unique_ptr<packed::ByteStream>& stream) const;
  sdk::Status Parse(std::string_view part, XmlHandler* handler) const;
  /// By id; empty when the part leads nowhere. Source: ECMA-376 part 2, 9.3.
  sdk::Status Relations(std::string_view part, std::map<std::string, Relation>& relations) const;

 private:
  // Names of parts match in both cases.
  const packed::ZipEntry* Entry(std::string_view part) const;

  packed::Zip zip_;
};

}  // namespace concordat::spreadsheet
