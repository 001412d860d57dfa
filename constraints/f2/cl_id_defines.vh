// PCIe identities of the custom logic. The HDK's scripts read these two macros for the manifest. 16'h1D0F is Amazon, for which
// devices 16'hF000..16'hF0FF may be used (hdk/cl/examples/CL_TEMPLATE/design/cl_id_defines.vh).
// The same in hw/abi/contract.toml, board f2.
`ifndef CL_ID_DEFINES
`define CL_ID_DEFINES
`define CL_SH_ID0 32'hF010_1D0F
`define CL_SH_ID1 32'h1D51_FEDC
`endif
