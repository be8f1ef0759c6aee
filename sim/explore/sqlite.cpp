#include "sim/explore/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace seedbed {

namespace {

constexpr int kPatienceMs = 20'000;  // for another process that writes

[[noreturn]] void fail_with(sqlite3* handle, const std::string& path) {
  throw StoreError(fmt::format("{}: {}", path, sqlite3_errmsg(handle)));
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database Database::open(const std::string& path, Mode mode) {
  Database db;
  db.path_ = path.empty() ? "results in memory" : path;
  const int flags = SQLITE_OPEN_READWRITE | (mode == Mode::kCreate ? SQLITE_OPEN_CREATE : 0);
  sqlite3* handle = nullptr;
  const int result =
      sqlite3_open_v2(path.empty() ? ":memory:" : path.c_str(), &handle, flags, nullptr);
  db.handle_.reset(handle);
  if (result != SQLITE_OK) db.fail();
  sqlite3_busy_timeout(handle, kPatienceMs);
  return db;
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

void Database::fail() const { fail_with(handle_.get(), path_); }

Statement::Statement(Database& db, const char* sql) : handle_(db.handle_.get()), path_(db.path_) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr) != SQLITE_OK) db.fail();
  statement_.reset(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), parameter, value) != SQLITE_OK) {
    fail_with(handle_, path_);
  }
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  if (sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK) {
    fail_with(handle_, path_);
  }
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) fail_with(handle_, path_);
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? "" : std::string(data, static_cast<std::size_t>(size));
}

}  // namespace seedbed
