// SQLite, as far as results need it: a database and its prepared statements, closed by themselves.
// Whatever goes wrong is a StoreError that names the file.
//
//   Database db = Database::open("results.db", Database::Mode::kCreate);
//   Statement insert(db, "INSERT INTO runs VALUES (?, ?)");
//   insert.bind(1, name).bind(2, 7).run();
//   for (Statement all(db, "SELECT name FROM runs"); all.step();) use(all.text(0));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace seedbed {

class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Database {
 public:
  enum class Mode : std::uint8_t { kExisting, kCreate };
  /// "" is a database in memory.
  static Database open(const std::string& path, Mode mode);

  /// One or several statements without results.
  void run(const char* sql);
  bool in_transaction() const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  [[noreturn]] void fail() const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

class Statement {
 public:
  Statement(Database& db, const char* sql);

  /// Parameters count from 1. What is not bound is NULL.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  /// False at the end; then the statement can be used again.
  bool step();
  /// To its end, without results.
  void run();

  /// Columns count from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* handle_;
  std::string path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace seedbed
