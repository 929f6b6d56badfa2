variable "region" {
  description = "Where everything is made"
  type        = string
  default     = "eu-central-1"
}

variable "name" {
  description = "How the names of all that is made here begin"
  type        = string
  default     = "moonboot"
}

variable "vpc_id" {
  description = "The VPC; its DNS resolver and a way to the registry (NAT or internet gateway) are taken for granted"
  type        = string
}

variable "subnet_id" {
  description = "The subnet of bastion and nodes"
  type        = string
}

variable "bastion_ami" {
  description = "A Debian 12 or newer for the bastion, of the architecture of bastion_type"
  type        = string
}

variable "bastion_type" {
  description = "Instance type of the bastion"
  type        = string
  default     = "t4g.small"
}

variable "bastion_profile" {
  description = "IAM instance profile of the bastion, for example for Session Manager; empty for none"
  type        = string
  default     = ""
}

variable "moonboot_image" {
  description = "Container image of moonboot, made by deploy/container"
  type        = string
}

variable "talos_image" {
  description = "The image and tag that the channel custom follows; made for the platform metal"
  type        = string
}

variable "ipxe_ami" {
  description = "The iPXE AMI of the nodes' architecture in this region; README.md tells how to make one"
  type        = string
}

variable "imds_tokens" {
  description = "required (IMDSv2), or optional for an iPXE AMI from before July 2026, which cannot ask for a token"
  type        = string
  default     = "required"

  validation {
    condition     = contains(["required", "optional"], var.imds_tokens)
    error_message = "Write required, or optional where the iPXE AMI cannot ask for a token."
  }
}

variable "nodes" {
  description = "Nodes by name, each with its instance type; all of the architecture of ipxe_ami"
  type        = map(object({ type = string }))
  default = {
    cp-1     = { type = "t4g.medium" }
    worker-1 = { type = "t4g.small" }
  }
}

variable "node_disk" {
  description = "GiB of the disk that Talos installs to; the iPXE AMI keeps its own, so that a node boots from the network at every start"
  type        = number
  default     = 20
}

variable "node_security_groups" {
  description = "More security groups for the nodes: what their cluster and its CNI need among themselves"
  type        = list(string)
  default     = []
}

variable "admin_cidrs" {
  description = "Who may speak to Talos (50000) and Kubernetes (6443) on the nodes; empty for nobody"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.admin_cidrs : !endswith(cidr, "/0")])
    error_message = "Not everybody: name the networks of those who administer the cluster."
  }
}
