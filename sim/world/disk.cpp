#include "sim/world/disk.h"

#include "sim/base/assert.h"

namespace seedbed {

void FileStore::apply(Step step, std::uint64_t index) {
  if (step == Step::kPut) {
    durable_contents[index] = pending_contents.pop();
  } else {
    durable_names = pending_directories.pop();
    std::erase_if(durable_contents, [this](const auto& file) {
      for (const auto& [name, inode] : durable_names) {
        if (inode == file.first) return false;
      }
      for (const auto& [name, inode] : names) {
        if (inode == file.first) return false;
      }
      return true;
    });
  }
}

void FileStore::forget() {
  pending_contents.clear();
  pending_directories.clear();
  names = durable_names;
  contents.clear();
  for (const auto& [name, inode] : names) {
    const auto found = durable_contents.find(inode);
    contents[inode] = found == durable_contents.end() ? "" : found->second;
  }
}

Disk::Disk(Storage& storage)
    : storage_(storage),
      files_(storage.store_of<FileStore>(nullptr).first),
      store_(storage.store_of<FileStore>(nullptr).second) {}

bool Disk::exists(std::string_view path) const { return files_.names.contains(path); }

std::vector<std::string> Disk::list() const {
  std::vector<std::string> paths;
  for (const auto& [name, inode] : files_.names) paths.push_back(name);
  return paths;
}

std::string_view Disk::read(std::string_view path) const {
  const auto name = files_.names.find(path);
  if (name == files_.names.end()) return {};
  return files_.contents.find(name->second)->second;
}

std::string& Disk::open(std::string_view path) {
  const auto [name, created] = files_.names.try_emplace(std::string(path), files_.last_inode + 1);
  if (created) ++files_.last_inode;
  return files_.contents[name->second];
}

void Disk::write(std::string_view path, std::uint64_t offset, std::string_view bytes) {
  std::string& content = open(path);
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

void Disk::append(std::string_view path, std::string_view bytes) { open(path).append(bytes); }

void Disk::resize(std::string_view path, std::uint64_t size) { open(path).resize(size, '\0'); }

void Disk::rename(std::string_view from, std::string_view to) {
  const auto source = files_.names.find(from);
  SEEDBED_ASSERT(source != files_.names.end(), "rename of '{}', which does not exist", from);
  const FileStore::Inode inode = source->second;
  files_.names.erase(source);
  files_.names.insert_or_assign(std::string(to), inode);
}

void Disk::remove(std::string_view path) {
  const auto name = files_.names.find(path);
  if (name != files_.names.end()) files_.names.erase(name);
}

void Disk::sync(std::string_view path) {
  const auto name = files_.names.find(path);
  SEEDBED_ASSERT(name != files_.names.end(), "sync of '{}', which does not exist", path);
  files_.pending_contents.push(files_.contents[name->second]);
  storage_.write({store_, DurableBase::Step::kPut, name->second});
}

void Disk::sync_directory() {
  files_.pending_directories.push(files_.names);
  storage_.write({store_, DurableBase::Step::kTruncate, 0});
}

}  // namespace seedbed
