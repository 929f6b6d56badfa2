output "image" {
  description = "The image as Proxmox VE calls it"
  value       = proxmox_virtual_environment_download_file.boot.id
}
