"use client";
// biome-ignore lint/performance/noBarrelFile: the one address, `vigia/board`, that embedders import
export { AgentBoard, type AgentBoardProps } from "../board/AgentBoard.tsx";
