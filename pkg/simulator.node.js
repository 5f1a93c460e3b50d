import simulator from"./simulator.cjs";var{Simulator}=simulator;export{Simulator};
