variable "endpoint" {
  description = "Proxmox VE's own URL: https://pve.example:8006/"
  type        = string
}

variable "node" {
  description = "The node of Proxmox VE that fetches the image and runs the machines"
  type        = string
}

variable "datastore" {
  description = "Where the image goes; its content types must include ISO images"
  type        = string
  default     = "local"
}

variable "disks" {
  description = "Where the machines' disks go"
  type        = string
  default     = "local-lvm"
}

variable "bridge" {
  description = "The network from which machines reach moonboot"
  type        = string
  default     = "vmbr0"
}

variable "image_url" {
  description = "Where the image is: https://boot.example/moonboot-ipxe.iso, or /assets/talos/CHANNEL/talos-amd64.iso of moonboot"
  type        = string

  validation {
    condition     = can(regex("^https?://[^?#]+[.]iso$", var.image_url))
    error_message = "Write the URL of an ISO image, which ends with .iso."
  }
}

variable "image_sha256" {
  description = "Its checksum: moonboot ipxe-image prints it, and moonboot serves it beside each asset as .sha256"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.image_sha256))
    error_message = "Write the 64 hexadecimal digits alone."
  }
}

variable "machines" {
  description = "Machines by name, each with the hardware address that a group of moonboot selects"
  type        = map(string)

  validation {
    condition     = alltrue([for mac in values(var.machines) : can(regex("^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$", mac))])
    error_message = "Write hardware addresses like 52:54:00:12:34:56."
  }
}
