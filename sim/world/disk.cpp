#include "sim/world/disk.h"

#include "sim/base/assert.h"

namespace seedbed {

Disk::Disk(Storage& storage, const DiskCondition& condition)
    : storage_(storage),
      files_(storage.store_of<FileStore>(nullptr).first),
      store_(storage.store_of<FileStore>(nullptr).second),
      condition_(condition) {
  files_.sector = storage.sector();
}

std::vector<std::string> Disk::list() const {
  std::vector<std::string> paths;
  for (const auto& [name, inode] : files_.names()) paths.push_back(name);
  return paths;
}

std::optional<std::string_view> Disk::read(std::string_view path) const {
  if (decide(hash_of(condition_.bits, hash_text(path)), condition_.read_error)) return {};
  const auto name = files_.names().find(path);
  return name == files_.names().end() ? std::string_view() : files_.content(name->second);
}

std::uint64_t Disk::size(std::string_view path) const {
  const auto name = files_.names().find(path);
  return name == files_.names().end() ? 0 : files_.content(name->second).size();
}

bool Disk::change(std::string_view path, FileStore::Change change) {
  const std::uint64_t end = change.offset + change.bytes.size();
  if (condition_.full && (end > size(path) || !exists(path))) return false;
  files_.change(files_.open(path), std::move(change));
  return true;
}

bool Disk::write(std::string_view path, std::uint64_t offset, std::string_view bytes) {
  return change(path, {offset, std::string(bytes)});
}

bool Disk::append(std::string_view path, std::string_view bytes) {
  return write(path, size(path), bytes);
}

bool Disk::resize(std::string_view path, std::uint64_t size) {
  return change(path, {.offset = size, .bytes = "", .resizes = true});
}

void Disk::rename(std::string_view from, std::string_view to) {
  SEEDBED_ASSERT(exists(from), "rename of '{}', which does not exist", from);
  files_.rename(from, to);
}

void Disk::sync(std::string_view path) {
  const auto name = files_.names().find(path);
  SEEDBED_ASSERT(name != files_.names().end(), "sync of '{}', which does not exist", path);
  const std::uint64_t bytes = files_.sync(name->second);
  storage_.write({store_, DurableBase::Step::kPut, name->second}, bytes);
}

void Disk::sync_directory() {
  files_.sync_directory();
  storage_.write({store_, DurableBase::Step::kTruncate, 0}, 0);
}

}  // namespace seedbed
