variable "endpoint" {
  description = "grpc.address of moonboot, as this machine reaches it"
  type        = string
  default     = "boot.example.com:8081"
}

variable "certificates" {
  description = "Folder with ca.crt, client.crt and client.key; README.md makes them"
  type        = string
  default     = "certificates"
}

variable "channel" {
  description = "Channel of moonboot whose release the nodes boot: channels.<name> in moonboot.yaml"
  type        = string
  default     = "custom"
}

variable "nodes" {
  description = "Nodes by name. Hardware addresses in lower case with colons: see the traps in README.md"
  type = map(object({
    mac  = string
    role = string
  }))
  default = {
    pi-1 = { mac = "dc:a6:32:01:02:03", role = "controlplane" }
    pi-2 = { mac = "dc:a6:32:01:02:04", role = "worker" }
  }

  validation {
    condition     = alltrue([for node in var.nodes : can(regex("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", node.mac))])
    error_message = "Write hardware addresses in lower case with colons (dc:a6:32:01:02:03): any other spelling is read back in this one, and Terraform would replace the group with every apply."
  }
}
